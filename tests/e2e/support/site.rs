//! What `docs/` says about servers, taken by its word: their configurations run as they stand there. Only paths and ports
//! are others, and browsers are told that the names in them are at home on this machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use super::wait::until_now;
use super::{place, processes};

/// A page of the documentation, or a file of `docs/hosting`.
pub fn documented(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name);
    fs::read_to_string(&path).unwrap_or_else(|problem| panic!("{}: {problem}", path.display()))
}

/// The blocks of code of one language in a page.
pub fn blocks(page: &str, language: &str) -> Vec<String> {
    let begin = format!("```{language}\n");
    page.split(&begin).skip(1).filter_map(|rest| Some(rest.split_once("```")?.0.to_owned())).collect()
}

/// Puts other words in the place of what a configuration says. Each must be there, or the documentation has changed.
pub fn with(text: &str, others: &[(&str, &str)]) -> String {
    others.iter().fold(text.to_owned(), |text, (documented, here)| {
        assert!(text.contains(documented), "the documentation says {documented} no more");
        text.replace(documented, here)
    })
}

/// A copy of the built page with this `config.json`, where every user of this machine may read it: some web servers become
/// another one.
pub struct Copy(PathBuf);

impl Copy {
    pub fn new(config: &str) -> Self {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("waxwing-{}-{number}", place::owner()));
        let copied = Command::new("cp").arg("-r").arg(place::told("WAXWING_DIST")).arg(&folder).status();
        assert!(copied.is_ok_and(|status| status.success()), "the page could not be copied");
        fs::write(folder.join("config.json"), config).expect("a configuration file");
        Self(folder)
    }

    pub fn folder(&self) -> &str {
        self.0.to_str().expect("a path")
    }

    /// A file of it whose name begins and ends like this.
    pub fn file(&self, beginning: &str, ending: &str) -> String {
        let names = fs::read_dir(&self.0).expect("a folder").flatten();
        let mut names = names.filter_map(|entry| entry.file_name().into_string().ok());
        names.find(|name| name.starts_with(beginning) && name.ends_with(ending)).expect("a built page")
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A key and a certificate that nobody vouches for, for all names of `example.org`.
pub fn certificate() -> &'static (String, String) {
    static MADE: OnceLock<(String, String)> = OnceLock::new();
    MADE.get_or_init(|| {
        let folder = place::folder("certificate");
        let path = |name: &str| folder.join(name).to_string_lossy().into_owned();
        let (key, certificate) = (path("example.org.key"), path("example.org.crt"));
        let made = Command::new("openssl")
            .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"])
            .args(["-subj", "/CN=example.org", "-addext", "subjectAltName=DNS:example.org,DNS:*.example.org"])
            .args(["-keyout", &key, "-out", &certificate])
            .stderr(Stdio::null())
            .status();
        assert!(made.is_ok_and(|status| status.success()), "openssl made no certificate");
        (key, certificate)
    })
}

/// What a browser is told, so that `name:port` is a port of this machine, with a certificate that nobody vouches for.
pub fn at_home(places: &[(&str, u16)]) -> Vec<String> {
    let rules: Vec<String> = places.iter().map(|(place, port)| format!("MAP {place} 127.0.0.1:{port}")).collect();
    vec!["--ignore-certificate-errors".to_owned(), format!("--host-resolver-rules={}", rules.join(","))]
}

/// Runs the commands of a page's `console` blocks, and looks for each line under a command in what it says. They go where
/// `at_home` says.
pub fn check_console(page: &str, places: &[(&str, u16)]) {
    let home = place::folder("curl");
    let mut settings = String::from("insecure\n");
    for (place, port) in places {
        settings += &format!("connect-to = \"{place}:127.0.0.1:{port}\"\n");
    }
    fs::write(home.join(".curlrc"), settings).expect("a file");
    let mut asked = 0;
    for block in blocks(page, "console") {
        for entry in block.split("$ ").skip(1) {
            let (command, expected) = entry.split_once('\n').expect("a command and its answer");
            let output = Command::new("sh").args(["-c", command]).env("CURL_HOME", &home).output().expect("sh");
            let said = String::from_utf8_lossy(&output.stdout).replace('\r', "");
            for line in expected.lines().filter(|line| !line.trim().is_empty()) {
                let found = said.lines().any(|told| told.eq_ignore_ascii_case(line) || told.contains(line));
                assert!(found, "{command}\nis documented to say {line:?}, and says:\n{said}");
            }
            asked += 1;
        }
    }
    assert!(asked > 2, "the documentation has no commands");
}

/// A web server. It ends with its scene.
pub struct WebServer {
    group: u32,
    pub port: u16,
}

impl WebServer {
    /// Starts `nginx`, `apache` or `caddy`; `site` makes the site's file for a port.
    pub fn start(kind: &str, site: impl Fn(u16) -> String) -> Self {
        use std::os::unix::process::CommandExt;
        // Bound and given back: nobody listens there now.
        let port =
            std::net::TcpListener::bind(("127.0.0.1", 0)).and_then(|free| free.local_addr()).expect("a port").port();
        let folder = place::folder(&format!("web-{kind}-{port}"));
        let (file, log) = (folder.join("site"), folder.join("log"));
        fs::write(&file, site(port)).expect("a file");
        let output = fs::File::create(&log).expect("a log");
        let program = Command::new(Path::new(&place::told("WAXWING_SERVER")).with_file_name("webserver"))
            .args([kind, "--port", &port.to_string(), "--dir"])
            .arg(&folder)
            .arg("--site")
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(output.try_clone().expect("a log"))
            .stderr(output)
            .process_group(0)
            .spawn()
            .expect("a web server");
        let group = program.id();
        processes::end_with_us(program);
        until_now(&format!("{kind} answers"), || {
            let told = || fs::read_to_string(&log).unwrap_or_default();
            std::net::TcpStream::connect(("127.0.0.1", port)).map(drop).map_err(|_| told())
        });
        Self { group, port }
    }
}

impl Drop for WebServer {
    fn drop(&mut self) {
        let _ = Command::new("kill").args(["-s", "TERM", "--", &format!("-{}", self.group)]).status();
    }
}
