//! Browsers, driven over WebDriver. What only Chromium knows is in this file and nowhere else.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use super::wait::{until, until_now};
use super::{http, place, processes};

const ARGUMENTS: [&str; 9] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1200,900",
];

/// The program that starts browsers and drives them.
pub struct Driver {
    port: u16,
}

impl Driver {
    pub fn start() -> Self {
        let log_file = place::folder("driver").join("log");
        let log = fs::File::create(&log_file).expect("a log");
        let errors = log.try_clone().expect("a log");
        let driver = Command::new(place::told("CHROMEDRIVER"))
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(errors)
            .process_group(0)
            .spawn()
            .expect("chromedriver");
        let port = until_now("chromedriver is ready", || {
            let log = fs::read_to_string(&log_file).unwrap_or_default();
            log.split_once("successfully on port ")
                .and_then(|(_, rest)| rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok())
                .ok_or(log)
        });
        // They are one group: the driver and all of its browsers.
        processes::end_with_us(driver);
        Self { port }
    }

    /// A browser with a profile that nobody used before, started with these arguments beside the usual ones.
    pub async fn browser(&self, name: &str, special: &[String]) -> Browser {
        // One person may have several browsers.
        static OPENED: AtomicU32 = AtomicU32::new(0);
        let number = OPENED.fetch_add(1, Ordering::Relaxed);
        self.open(name, place::folder("profiles").join(format!("{number}-{name}")), special).await
    }

    /// The same browser once more: it ended, and its profile did not.
    pub async fn again(&self, name: &str, browser: &Browser) -> Browser {
        self.open(name, browser.profile.clone(), &browser.special).await
    }

    async fn open(&self, name: &str, profile: PathBuf, special: &[String]) -> Browser {
        let mut arguments: Vec<String> = ARGUMENTS.map(str::to_owned).to_vec();
        arguments.push(format!("--user-data-dir={}", profile.display()));
        arguments.extend_from_slice(special);
        let wishes = json!({
            "goog:chromeOptions": { "binary": place::told("CHROMIUM"), "args": arguments },
            "goog:loggingPrefs": { "browser": "ALL" },
            // A long conversation is read from end to end by one script.
            "timeouts": { "script": 120_000 },
        });
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(serde_json::from_value(wishes).expect("an object"))
            .connect(&format!("http://127.0.0.1:{}", self.port))
            .await
            .unwrap_or_else(|problem| panic!("no browser for {name}: {problem}"));
        let session = client.session_id().await.ok().flatten().expect("a session");
        Browser {
            client,
            profile,
            special: special.to_vec(),
            commands: format!("POST /session/{session}"),
            port: self.port,
        }
    }
}

/// One browser.
pub struct Browser {
    pub client: Client,
    profile: PathBuf,
    special: Vec<String>,
    /// Where commands go that WebDriver does not know.
    commands: String,
    port: u16,
}

impl Browser {
    /// What the console says is wrong since the last call. WebDriver knows no such question; where a browser has no
    /// way of its own to answer it, nothing is wrong.
    pub fn complaints(&self) -> Vec<String> {
        let log = self.command("se/log", &json!({ "type": "browser" }));
        let severe = |entry: &&Value| entry["level"] == "SEVERE";
        let text = |entry: &Value| entry["message"].as_str().unwrap_or_default().to_owned();
        log.as_array().into_iter().flatten().filter(severe).map(text).collect()
    }

    pub async fn close(&self) {
        self.quit().await;
        let _ = fs::remove_dir_all(&self.profile);
    }

    /// Ends it in order; its profile stays.
    pub async fn quit(&self) {
        // A browser that is gone already is closed.
        let _ = self.client.clone().close().await;
    }

    /// Ends it from one moment to the next, as a power cut does.
    pub async fn kill(&self) {
        let processes = processes::of(&self.profile);
        processes::signal("KILL", &processes);
        until("the browser is gone", async || match processes::of(&self.profile) {
            gone if gone.is_empty() => Ok(()),
            left => Err(format!("{left:?} live")),
        })
        .await;
        self.quit().await;
    }

    /// Nothing of it runs for so long, as when a lid is closed.
    pub async fn sleep(&self, time: Duration) {
        let processes = processes::of(&self.profile);
        processes::signal("STOP", &processes);
        tokio::time::sleep(time).await;
        processes::signal("CONT", &processes);
    }

    /// A command of Chromium's own protocol.
    pub fn chromium(&self, command: &str, parameters: &Value) -> Value {
        self.command("goog/cdp/execute", &json!({ "cmd": command, "params": parameters }))
    }

    /// A command that only the driver of this browser knows.
    pub fn command(&self, path: &str, body: &Value) -> Value {
        let answer = http::request(&format!("{}/{path}", self.commands), "localhost", self.port, &body.to_string());
        serde_json::from_str::<Value>(&answer.body).map(|mut answer| answer["value"].take()).unwrap_or_default()
    }
}
