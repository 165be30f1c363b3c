//! Where a run may put things, and what it was told: see `scripts/README.md`.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, fs, process};

use super::wait::until_now;

/// One of the variables that `scripts/steps.sh` sets.
pub fn told(variable: &str) -> String {
    env::var(variable).unwrap_or_else(|_| panic!("{variable} is not set; run this by `scripts/steps.sh`"))
}

/// A folder of this run, made if need be.
pub fn folder(name: &str) -> PathBuf {
    made(PathBuf::from(told("WAXWING_E2E_DIR")).join(owner()).join(name))
}

/// A file that somebody has on their disk.
pub fn file(name: &str, bytes: &[u8]) -> PathBuf {
    let path = own_folder().join(name);
    fs::write(&path, bytes).expect("a file");
    path
}

/// A file with nothing in it, of any size.
pub fn empty_file(name: &str, size: u64) -> PathBuf {
    let path = own_folder().join(name);
    fs::File::create(&path).and_then(|file| file.set_len(size)).expect("a file");
    path
}

/// A folder for one file: scenes play at once, and a browser does not send a file that changes under it.
fn own_folder() -> PathBuf {
    static MADE: AtomicU32 = AtomicU32::new(0);
    made(folder("files").join(MADE.fetch_add(1, Ordering::Relaxed).to_string()))
}

/// Where pictures of what failed are kept, of the latest run only if it failed.
pub fn failures() -> PathBuf {
    made(PathBuf::from(told("WAXWING_E2E_DIR")).join("failures"))
}

fn made(folder: PathBuf) -> PathBuf {
    fs::create_dir_all(&folder).unwrap_or_else(|problem| panic!("cannot make {}: {problem}", folder.display()));
    folder
}

/// Removes what runs of before have left, unless a server of theirs is still on its way to its end.
pub fn tidy() {
    let _ = fs::remove_dir_all(failures());
    for run in below(Path::new(&told("WAXWING_E2E_DIR"))) {
        let is_run = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
        let name = run.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let pid_of = |server: &PathBuf| fs::read_to_string(server.join("pid")).unwrap_or_default();
        let ended = |pid: &str| pid.trim().is_empty() || !Path::new("/proc").join(pid.trim()).exists();
        if is_run(&name) && ended(&name) && below(&run.join("servers")).iter().map(pid_of).all(|pid| ended(&pid)) {
            let _ = fs::remove_dir_all(run);
        }
    }
}

fn below(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
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
    /// The first free ones of those that are set aside for tests, as soon as there are any.
    pub fn claim() -> Self {
        until_now("ports are free", || {
            let free = (15200..15280).step_by(10).find_map(|base| {
                // No server listens on the last one, so whoever holds it holds all ten.
                let claim = TcpListener::bind(("127.0.0.1", base + 9)).ok()?;
                let free = (base..base + 3).all(|port| TcpListener::bind(("127.0.0.1", port)).is_ok());
                free.then_some(Self { base, _claim: claim })
            });
            free.ok_or_else(|| "15200 to 15279 are all taken; see scripts/README.md".to_owned())
        })
    }
}
