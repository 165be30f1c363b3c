//! The processes of a browser. Only the first one names the profile; the others come from it.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::place;

/// Ends a process group, `$2`, when `$1` is gone, however it went.
const WATCH: &str = r#"while kill -0 "$1" && kill -0 "$2"; do sleep 1; done; kill -s TERM -- "-$2""#;

/// The group of a program that leads one ends with this run at the latest.
pub fn end_with_us(mut program: Child) {
    let mut watch = Command::new("sh")
        .args(["-c", WATCH, "watch", &place::owner(), &program.id().to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .expect("sh");
    // Their ends are of no interest, but whoever starts a program must ask for it.
    std::thread::spawn(move || (program.wait(), watch.wait()));
}

/// All processes of the browser with this profile.
pub fn of(profile: &Path) -> Vec<u32> {
    let option = format!("--user-data-dir={}", profile.display());
    let all: Vec<(u32, u32)> = all().collect();
    let names = |pid: &u32| {
        let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        line.split(|byte| *byte == 0).any(|argument| argument == option.as_bytes())
    };
    let mut found: Vec<u32> = all.iter().map(|(pid, _)| *pid).filter(names).collect();
    let mut next = 0;
    while let Some(&parent) = found.get(next) {
        let children: Vec<u32> = all.iter().filter(|(_, of)| *of == parent).map(|(pid, _)| *pid).collect();
        found.extend(children.into_iter().filter(|child| !found.contains(child)).collect::<Vec<_>>());
        next += 1;
    }
    found
}

pub fn signal(name: &str, processes: &[u32]) {
    let sent = Command::new("kill").arg(format!("-{name}")).args(processes.iter().map(u32::to_string)).status();
    sent.expect("kill");
}

/// Every living process with the one that it came from.
fn all() -> impl Iterator<Item = (u32, u32)> {
    fs::read_dir("/proc").into_iter().flatten().flatten().filter_map(|entry| {
        let pid = entry.file_name().to_str()?.parse().ok()?;
        let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
        // After the name, which may hold anything: the state, then the parent.
        let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
        if fields.next()? == "Z" {
            return None;
        }
        Some((pid, fields.next()?.parse().ok()?))
    })
}
