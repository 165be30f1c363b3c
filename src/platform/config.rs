//! `config.json`, beside `index.html`: what the operator of a copy set. Nothing in the page's address overrides
//! any of it.

use js_sys::{Array, JSON, Object};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{RequestCache, RequestCredentials, Url};

use super::discovery::{Reach, is_loopback};
use super::fetch::{self, member};
use crate::config as keys;
use crate::engine::Settings;

const FILE: &str = "config.json";

/// What `config.json` says, as far as it could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// For the engine.
    pub settings: Settings,
    /// Whether guests are admitted without a password.
    pub guest: bool,
    /// The domain that guests come in to, if that is not the users' own.
    pub guest_domain: Option<String>,
    /// The name shown in place of the product's.
    pub brand: Option<String>,
    /// Hosts from which pictures of contacts are shown without asking, in lower case.
    pub picture_hosts: Vec<String>,
    /// Whether the page offers to make an account.
    pub registration: bool,
    /// How far a domain's service is sought.
    pub reach: Reach,
    /// What is wrong with the file, in words for its operator. What could be read of it counts all the same.
    pub problem: Option<String>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            settings: Settings::default(),
            guest: false,
            guest_domain: None,
            brand: None,
            picture_hosts: Vec::new(),
            registration: true,
            reach: Reach::default(),
            problem: None,
        }
    }
}

/// Loads the file. Whatever is wrong with it, there is a configuration to go on with.
pub async fn load() -> Config {
    let text = match address() {
        Some(address) => fetch::text(&address, RequestCredentials::SameOrigin, RequestCache::NoCache).await,
        None => None,
    };
    let config = match text {
        Some(text) => parse(&text),
        None => Config {
            problem: Some(format!("{FILE} could not be loaded; this page runs without it.")),
            ..Config::default()
        },
    };
    if let Some(problem) = &config.problem {
        web_sys::console::warn_1(&problem.into());
    }
    config
}

/// Reads the text of the file.
pub fn parse(text: &str) -> Config {
    let Some(document) = JSON::parse(text).ok().filter(is_record) else {
        let problem = format!("{FILE} could not be read: it is not a JSON object. This page runs without it.");
        return Config { problem: Some(problem), ..Config::default() };
    };
    let mut reader = Reader { document, problem: None };
    let domain = reader.text(keys::DOMAIN);
    let service = reader.text(keys::SERVICE).filter(|service| {
        let safe = is_safe(service);
        if !safe {
            reader.blame(keys::SERVICE.name(), "must begin with wss:// (ws:// on this machine only), and is ignored");
        }
        safe
    });
    let guest = reader.flag(keys::GUEST);
    let guest_domain = reader.text(keys::GUEST_DOMAIN);
    let brand = reader.text(keys::BRAND);
    let registration = reader.flag(keys::REGISTRATION);
    let allow_plain = reader.flag(keys::ALLOW_PLAIN);
    let picture_hosts = reader.hosts(keys::PICTURES);
    let reach = if reader.flag(keys::DISCOVERY) { Reach::Anywhere } else { Reach::OwnOrigin };
    Config {
        settings: Settings { service, domain, allow_plain },
        guest,
        guest_domain,
        brand,
        registration,
        picture_hosts,
        reach,
        problem: reader.problem,
    }
}

struct Reader {
    document: JsValue,
    problem: Option<String>,
}

impl Reader {
    fn text(&mut self, key: keys::Text) -> Option<String> {
        let key = key.name();
        let value = member(&self.document, key);
        match value.as_string() {
            Some(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            None => {
                if !value.is_undefined() && !value.is_null() {
                    self.blame(key, "must be a text, and is ignored");
                }
                None
            }
        }
    }

    /// Names of hosts, without scheme and port.
    fn hosts(&mut self, key: keys::Hosts) -> Vec<String> {
        let key = key.name();
        let value = member(&self.document, key);
        let Some(list) = value.dyn_ref::<Array>() else {
            if !value.is_undefined() && !value.is_null() {
                self.blame(key, "must be a list of host names, and is ignored");
            }
            return Vec::new();
        };
        let mut hosts = Vec::new();
        for host in list.iter() {
            match host.as_string().filter(|host| is_host(host)) {
                Some(host) => hosts.push(host.to_ascii_lowercase()),
                None => self.blame(key, "has something that is no host name, which is ignored"),
            }
        }
        hosts
    }

    fn flag(&mut self, key: keys::Flag) -> bool {
        let value = member(&self.document, key.name());
        if !value.is_undefined() && value.as_bool().is_none() {
            self.blame(key.name(), "must be true or false, and is ignored");
        }
        value.as_bool().unwrap_or(key.default())
    }

    /// One problem is told at a time: the first.
    fn blame(&mut self, key: &str, what: &str) {
        self.problem.get_or_insert_with(|| format!("{FILE}: \"{key}\" {what}."));
    }
}

fn is_record(value: &JsValue) -> bool {
    value.is_object() && !value.is_instance_of::<js_sys::Array>() && value.is_instance_of::<Object>()
}

/// Whether this is a host and nothing more, and no pattern.
fn is_host(text: &str) -> bool {
    !text.contains('*')
        && Url::new(&format!("https://{text}/")).is_ok_and(|url| url.hostname().eq_ignore_ascii_case(text))
}

/// Whether nobody on the way can listen.
pub(super) fn is_safe(service: &str) -> bool {
    Url::new(service).is_ok_and(|url| match url.protocol().as_str() {
        "wss:" => true,
        "ws:" => is_loopback(&url.hostname()),
        _ => false,
    })
}

fn address() -> Option<String> {
    let base = web_sys::window()?.document()?.base_uri().ok()??;
    Url::new_with_base(FILE, &base).ok().map(|url| url.href())
}
