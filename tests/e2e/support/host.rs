//! The program that serves the built page, with the policy that the page must keep.

use std::fs;
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use super::wait::until_now;
use super::{http, place};

/// A served copy of the page. It ends with this process.
pub struct Host {
    url: String,
    arguments: Vec<String>,
    /// Of ours, that collects reports; none where somebody else's program serves.
    own: Option<Own>,
}

struct Own {
    port: u16,
    program: u32,
    stopped: AtomicBool,
}

impl Host {
    /// Serves the page with this `config.json`. The page may connect to `connect` and to nowhere else.
    pub fn start(name: &str, config: &str, connect: &[String]) -> Self {
        Self::with_uploads(name, config, connect, &[])
    }

    /// The same, and files may be put to and shown from `upload`.
    pub fn with_uploads(name: &str, config: &str, connect: &[String], upload: &[String]) -> Self {
        Self::embedded(name, config, connect, upload, &[])
    }

    /// The same, and pages of `embed` may show the chat in a frame.
    pub fn embedded(name: &str, config: &str, connect: &[String], upload: &[String], embed: &[String]) -> Self {
        Self::serve(&place::told("WAXWING_DIST"), name, config, connect, upload, embed)
    }

    /// Somebody else's page under the same policy.
    pub fn of(page: &Path, name: &str, connect: &[String]) -> Self {
        Self::serve(&page.to_string_lossy(), name, "{}", connect, &[], &[])
    }

    fn serve(page: &str, name: &str, config: &str, connect: &[String], upload: &[String], embed: &[String]) -> Self {
        let folder = place::folder("hosts");
        let [config_file, log_file] = ["json", "log"].map(|end| folder.join(format!("{name}.{end}")));
        fs::write(&config_file, config).expect("a configuration file");
        let log = fs::File::create(&log_file).expect("a log");
        let mut command = Command::new(place::told("WAXWING_HOST"));
        command.args(["serve", "--port", "0", "--csp-report", "--owner", &place::owner()]);
        command.args(["--dir", page]).arg("--config").arg(&config_file);
        for origin in connect {
            command.args(["--connect", origin]);
        }
        for origin in upload {
            command.args(["--upload", origin]);
        }
        for origin in embed {
            command.args(["--embed", origin]);
        }
        let errors = log.try_clone().expect("a log");
        command.stdin(Stdio::null()).stdout(log).stderr(errors);
        let mut program = command.spawn().expect("the program that serves the page");
        let port = until_now("the page is served", || {
            let log = fs::read_to_string(&log_file).unwrap_or_default();
            log.split_once("on http://127.0.0.1:")
                .and_then(|(_, rest)| rest.lines().next()?.trim().parse().ok())
                .ok_or(log)
        });
        let id = program.id();
        // Nobody waits for it otherwise; its own watch on this process is what ends it.
        std::thread::spawn(move || program.wait());
        let own = Own { port, program: id, stopped: AtomicBool::new(false) };
        Self { url: format!("http://127.0.0.1:{port}/"), arguments: Vec::new(), own: Some(own) }
    }

    /// A copy that some other program serves, at this address to browsers that are started with these arguments.
    pub fn elsewhere(url: &str, arguments: Vec<String>) -> Self {
        Self { url: url.to_owned(), arguments, own: None }
    }

    /// Ends it before its time: for the browser there is no network any more.
    pub fn stop(&self) {
        let Some(own) = &self.own else { return };
        own.stopped.store(true, Ordering::Relaxed);
        let _ = Command::new("kill").arg(own.program.to_string()).status();
        until_now("the page is served no more", || match TcpStream::connect(("127.0.0.1", own.port)) {
            Ok(_) => Err("it is".to_owned()),
            Err(_) => Ok(()),
        });
    }

    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// What a browser needs to be told to come here.
    pub fn arguments(&self) -> &[String] {
        &self.arguments
    }

    /// Every violation of the policy that a browser reported, as JSON; `[]` is how it must be.
    pub fn violations(&self) -> String {
        match &self.own {
            Some(own) if !own.stopped.load(Ordering::Relaxed) => {
                http::request("GET /csp-report", "127.0.0.1", own.port, "").body
            }
            _ => "[]".to_owned(),
        }
    }
}
