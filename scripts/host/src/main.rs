//! Serves the built page as an operator would, and measures what a first visit costs.
//!
//! ```text
//! waxwing-host serve --dir dist [--port 8080] [--config FILE] [--connect ORIGIN]... [--upload ORIGIN]...
//!                    [--embed ORIGIN]... [--csp-report] [--owner PID]
//! waxwing-host size  --dir dist [--limit BYTES] [--only FILE]...
//! waxwing-host compress --dir dist
//! ```
#![warn(missing_docs)]

mod answer;
mod compress;
mod first_load;
mod options;
mod policy;
mod reports;
mod serve;
mod site;
mod size;

use options::{Command, Options};
use std::process::ExitCode;

fn main() -> ExitCode {
    let outcome = match Options::parse(lexopt::Parser::from_env()) {
        Ok(Options { command: Command::Serve(serve), dir }) => serve::serve(&dir, &serve),
        Ok(Options { command: Command::Size { limit, only }, dir }) => size::report(&dir, limit, &only),
        Ok(Options { command: Command::Compress, dir }) => site::compress(&dir),
        Err(problem) => Err(format!("{problem}\n\n{}", options::USAGE).into()),
    };
    match outcome {
        Ok(code) => code,
        Err(problem) => {
            eprintln!("waxwing-host: {problem}");
            ExitCode::from(2)
        }
    }
}
