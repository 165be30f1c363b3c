//! Real servers, each in a folder of its own.

use std::path::Path;
use std::process::{Command, Stdio};

use super::http;
use super::place::{self, Ports};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Ejabberd,
    Prosody,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Ejabberd => "ejabberd",
            Self::Prosody => "prosody",
        }
    }

    const fn domain(self) -> &'static str {
        match self {
            Self::Ejabberd => "a.localhost",
            Self::Prosody => "b.localhost",
        }
    }
}

/// A running server. It ends with this process.
pub struct Server {
    kind: Kind,
    ports: Ports,
    folder: String,
}

/// Somebody with an account.
#[derive(Clone, Debug)]
pub struct Person {
    pub address: String,
    pub password: &'static str,
    name: String,
}

impl Person {
    /// The part before the @, which is also how a list calls somebody without another name.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Server {
    /// A scene that failed does not keep its ports from the next one.
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.kill();
        }
    }
}

impl Server {
    /// Starts a fresh one that knows nobody. With `peer`, it federates with the server on those ports.
    pub fn start(kind: Kind, ports: Ports, peer: Option<u16>) -> Self {
        let folder = place::folder("servers").join(format!("{}-{}", kind.name(), ports.base));
        let server = Self { kind, ports, folder: folder.to_string_lossy().into_owned() };
        let base = server.ports.base.to_string();
        let mut arguments = vec!["start".to_owned(), kind.name().to_owned(), "--base-port".to_owned(), base];
        arguments.extend(["--fresh".to_owned(), "--owner".to_owned(), place::owner()]);
        if let Some(peer) = peer {
            arguments.extend(["--peer-port".to_owned(), peer.to_string()]);
        }
        server.script(&arguments);
        server
    }

    pub fn domain(&self) -> &'static str {
        self.kind.domain()
    }

    /// Where browsers connect.
    pub fn websocket(&self) -> String {
        let path = match self.kind {
            Kind::Ejabberd => "ws",
            Kind::Prosody => "xmpp-websocket",
        };
        format!("ws://127.0.0.1:{}/{path}", self.ports.base)
    }

    /// The same without the path, as a policy names it.
    pub fn origin(&self) -> String {
        format!("ws://127.0.0.1:{}", self.ports.base)
    }

    /// Where files are put, as a policy names it.
    pub fn uploads(&self) -> String {
        let host = match self.kind {
            Kind::Ejabberd => "a.localhost",
            Kind::Prosody => "upload.b.localhost",
        };
        format!("http://{host}:{}", self.ports.base)
    }

    /// Where other clients connect.
    pub fn tcp(&self) -> String {
        format!("127.0.0.1:{}", self.ports.base + 1)
    }

    /// Starts a fresh one for `domain` with a configuration of somebody else's and these accounts. Browsers alone can speak
    /// to it, if it has TLS.
    pub fn as_configured(kind: Kind, ports: Ports, config: &Path, domain: &str, names: &[&str]) -> (Self, Vec<Person>) {
        let folder = place::folder("servers").join(format!("{}-{}", kind.name(), ports.base));
        let server = Self { kind, ports, folder: folder.to_string_lossy().into_owned() };
        let password = "secret";
        let seed: String = names.iter().map(|name| format!("account | {name} | {password}\n")).collect();
        let (config, seed) = (config.to_string_lossy().into_owned(), place::file("seed", seed.as_bytes()));
        let base = server.ports.base.to_string();
        let seed = seed.to_string_lossy();
        let mut arguments = vec!["start", kind.name(), "--fresh", "--base-port", &base, "--domain", domain];
        arguments.extend(["--config", &config, "--seed", &seed]);
        let mut arguments: Vec<String> = arguments.into_iter().map(str::to_owned).collect();
        arguments.extend(["--owner".to_owned(), place::owner()]);
        server.script(&arguments);
        let person = |name: &&str| Person { address: format!("{name}@{domain}"), password, name: (*name).to_owned() };
        (server, names.iter().map(person).collect())
    }

    /// The first of its ports.
    pub fn port(&self) -> u16 {
        self.ports.base
    }

    /// Makes an account.
    pub fn person(&self, name: &str) -> Person {
        let password = "secret";
        self.seed(&format!("account | {name} | {password}"));
        Person { address: format!("{name}@{}", self.domain()), password, name: name.to_owned() }
    }

    /// Makes two people contacts of each other, as if they had been so for long.
    pub fn befriend(&self, one: &Person, other: &Person) {
        let lines = [(one, other), (other, one)].map(|(owner, contact)| {
            let owner = owner.name();
            format!("contact | {owner} | {} | {}", contact.name(), contact.name())
        });
        self.seed(&lines.join("\n"));
    }

    /// Tells the server what it is to hold; see `scripts/README.md`.
    pub fn seed(&self, text: &str) {
        let answer = http::request("POST /seed", self.domain(), self.ports.base, text);
        assert_eq!(answer.status, 200, "the seed {text:?} was refused: {}", answer.body);
    }

    /// What it wrote into a file of its folder.
    pub fn note(&self, file: &str) -> String {
        let path = format!("{}/{file}", self.folder);
        std::fs::read_to_string(&path).unwrap_or_else(|problem| panic!("{path} cannot be read: {problem}"))
    }

    /// From one moment to the next it is gone, without a word to anybody.
    pub fn kill(&self) {
        self.script(&["kill".to_owned()]);
    }

    /// In good order, and for good.
    pub fn stop(&self) {
        self.script(&["stop".to_owned()]);
    }

    /// It is there again, with the accounts and without the streams of before.
    pub fn restart(&self) {
        self.script(&["restart".to_owned()]);
    }

    fn script(&self, arguments: &[String]) {
        let (command, options) = arguments.split_first().expect("a command");
        // To nobody's pipe: the server outlives the script, and would keep it open.
        let log = std::fs::File::create(format!("{}.{command}.log", self.folder)).expect("a log");
        let status = Command::new(place::told("WAXWING_SERVER"))
            .arg(command)
            .args(options)
            .args(["--dir", &self.folder])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .status();
        assert!(
            status.as_ref().is_ok_and(std::process::ExitStatus::success),
            "{} did not {command}: {status:?}; see {}.{command}.log",
            self.kind.name(),
            self.folder
        );
    }
}
