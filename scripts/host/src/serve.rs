//! The listening end.

use crate::answer::{self, Answer, answer};
use crate::options::Serve;
use crate::policy::{self, Policies};
use crate::reports::Reports;
use crate::site::Site;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{self, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use std::{fs, thread};
use tokio::net::TcpListener;

const REPORT_LIMIT: usize = 64 * 1024;

type Reply = Response<Full<Bytes>>;

struct Host {
    site: Site,
    policies: Policies,
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
        policies: Policies::new(
            policy::content_security(&options.connect, &options.upload, options.csp_report),
            &options.embed,
        ),
        reports: options.csp_report.then(Reports::default),
        site,
    };
    if let Some(owner) = options.owner {
        thread::spawn(move || end_with(owner));
    }
    // Everything is in memory, so one thread serves as many connections as browsers care to open.
    tokio::runtime::Builder::new_current_thread().enable_io().build()?.block_on(listen(Arc::new(host), options.port))
}

async fn listen(host: Arc<Host>, port: u16) -> Result<ExitCode, Box<dyn Error + Send + Sync>> {
    let listener = TcpListener::bind(("127.0.0.1", port))
        .await
        .map_err(|problem| format!("cannot listen on port {port}: {problem}"))?;
    println!("Serving {} files on http://{}", host.site.len(), listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        let host = Arc::clone(&host);
        tokio::spawn(async move {
            let service = service_fn(move |request| {
                let host = Arc::clone(&host);
                async move { Ok::<_, Infallible>(host.handle(request).await) }
            });
            // The browser may have gone; there is nobody to tell.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
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
    async fn handle(&self, request: Request<Incoming>) -> Reply {
        match (request.method(), &self.reports) {
            (&Method::POST, Some(reports)) if request.uri().path() == policy::REPORTS => {
                let body = Limited::new(request.into_body(), REPORT_LIMIT).collect().await;
                // A report that is not text is no report.
                if let Ok(report) = body.map(|body| String::from_utf8_lossy(&body.to_bytes()).into_owned()) {
                    reports.add(report);
                }
                plain(StatusCode::NO_CONTENT, String::new())
            }
            (&Method::GET, Some(reports)) if request.uri().path() == policy::REPORTS => {
                plain(StatusCode::OK, reports.to_json())
            }
            (&Method::GET | &Method::HEAD, _) => self.file(&request),
            _ => plain(StatusCode::METHOD_NOT_ALLOWED, "Only GET and HEAD\n".to_owned()),
        }
    }

    fn file(&self, request: &Request<Incoming>) -> Reply {
        let value = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
        let asked = answer::Request {
            target: request.uri().path_and_query().map_or("/", |target| target.as_str()),
            accept_encoding: value(header::ACCEPT_ENCODING),
            if_none_match: value(header::IF_NONE_MATCH),
        };
        let Answer { status, headers, body } = answer(&self.site, &self.policies, asked);
        let mut reply = Response::new(Full::new(Bytes::copy_from_slice(body)));
        *reply.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        for (name, value) in headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                reply.headers_mut().insert(name, value);
            }
        }
        reply
    }
}

fn plain(status: StatusCode, text: String) -> Reply {
    let mut reply = Response::new(Full::new(Bytes::from(text)));
    *reply.status_mut() = status;
    reply
}
