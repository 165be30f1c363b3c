//! The listening end.

use crate::answer::{Answer, Request, answer};
use crate::options::Serve;
use crate::policy;
use crate::reports::Reports;
use crate::site::Site;
use std::error::Error;
use std::io::{Cursor, Read};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;
use std::{fs, thread};
use tiny_http::{Header, Method, Response, Server, StatusCode};

/// Browsers open six connections to a host; two windows and a test fit.
const WORKERS: usize = 16;
const REPORT_LIMIT: u64 = 64 * 1024;

struct Host {
    site: Site,
    content_security: String,
    reports: Option<Reports>,
}

/// Serves until the process is ended. Prints the address once it answers.
pub fn serve(dir: &Path, options: &Serve) -> Result<ExitCode, Box<dyn Error + Send + Sync>> {
    let mut site = Site::read(dir).map_err(|problem| format!("cannot read {}: {problem}", dir.display()))?;
    if site.get("index.html").is_none() {
        return Err(format!("{} holds no built page", dir.display()).into());
    }
    if let Some(file) = &options.config {
        let config = fs::read(file).map_err(|problem| format!("cannot read {}: {problem}", file.display()))?;
        site.insert("config.json", config)?;
    }
    let host = Host {
        content_security: policy::content_security(&options.connect, &options.upload, options.csp_report),
        reports: options.csp_report.then(Reports::default),
        site,
    };
    let server = Server::http(("127.0.0.1", options.port))
        .map_err(|problem| format!("cannot listen on port {}: {problem}", options.port))?;
    println!("Serving {} files on http://{}", host.site.len(), server.server_addr());
    if let Some(owner) = options.owner {
        thread::spawn(move || end_with(owner));
    }
    thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                while let Ok(request) = server.recv() {
                    host.handle(request);
                }
            });
        }
    });
    Ok(ExitCode::SUCCESS)
}

/// Where there is no `/proc`, nobody is watched.
fn end_with(owner: u32) {
    let process = format!("/proc/{owner}");
    if Path::new("/proc/self").exists() {
        while Path::new(&process).exists() {
            thread::sleep(Duration::from_secs(1));
        }
        std::process::exit(0);
    }
}

impl Host {
    fn handle(&self, mut request: tiny_http::Request) {
        let reply = match (request.method(), &self.reports) {
            (Method::Post, Some(reports)) if request.url() == policy::REPORTS => {
                let mut report = String::new();
                // A report that is not text is no report.
                let _ = request.as_reader().take(REPORT_LIMIT).read_to_string(&mut report);
                reports.add(report);
                plain(204, "")
            }
            (Method::Get, Some(reports)) if request.url() == policy::REPORTS => plain(200, &reports.to_json()),
            (Method::Get | Method::Head, _) => self.file(&request),
            _ => plain(405, "Only GET and HEAD\n"),
        };
        // The browser may have gone; there is nobody to tell.
        let _ = request.respond(reply);
    }

    fn file(&self, request: &tiny_http::Request) -> Response<Cursor<Vec<u8>>> {
        let value =
            |name: &'static str| request.headers().iter().find(|h| h.field.equiv(name)).map(|h| h.value.as_str());
        let asked = Request {
            target: request.url(),
            accept_encoding: value("Accept-Encoding"),
            if_none_match: value("If-None-Match"),
        };
        let Answer { status, headers, body } = answer(&self.site, &self.content_security, asked);
        let mut response = Response::from_data(body.to_vec()).with_status_code(StatusCode(status));
        for (name, value) in headers {
            if let Ok(header) = Header::from_bytes(name, value) {
                response.add_header(header);
            }
        }
        response
    }
}

fn plain(status: u16, text: &str) -> Response<Cursor<Vec<u8>>> {
    Response::from_string(text).with_status_code(StatusCode(status))
}
