//! Where a run may put things, and what it was told: see `scripts/README.md`.

use std::net::TcpListener;
use std::path::PathBuf;
use std::{env, fs, process};

/// One of the variables that `scripts/steps.sh` sets.
pub fn told(variable: &str) -> String {
    env::var(variable).unwrap_or_else(|_| panic!("{variable} is not set; run this by `scripts/steps.sh`"))
}

/// The folder of this run, made if need be.
pub fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(told("WAXWING_E2E_DIR")).join(name);
    fs::create_dir_all(&folder).unwrap_or_else(|problem| panic!("cannot make {}: {problem}", folder.display()));
    folder
}

/// Whoever starts a program names this as its owner, so that it ends with this run, however that ends.
pub fn owner() -> String {
    process::id().to_string()
}

/// Ten ports in a row for one server, held against other runs on the same machine for as long as this lives.
pub struct Ports {
    pub base: u16,
    _claim: TcpListener,
}

impl Ports {
    /// The first free ones of those that are set aside for tests.
    pub fn claim() -> Self {
        (15200..15280)
            .step_by(10)
            .find_map(|base| {
                // No server listens on the last one, so whoever holds it holds all ten.
                let claim = TcpListener::bind(("127.0.0.1", base + 9)).ok()?;
                let free = (base..base + 3).all(|port| TcpListener::bind(("127.0.0.1", port)).is_ok());
                free.then_some(Self { base, _claim: claim })
            })
            .expect("ports 15200 to 15279 are all taken; see scripts/README.md")
    }
}
