//! The command line.

use lexopt::prelude::*;
use std::path::PathBuf;

pub const USAGE: &str = "usage: waxwing-host serve --dir DIR [--port PORT] [--config FILE] [--connect ORIGIN]... \
                         [--upload ORIGIN]... [--embed ORIGIN]... [--csp-report] [--owner PID]\n       \
                         waxwing-host size --dir DIR [--limit BYTES] [--only FILE]...\n       \
                         waxwing-host compress --dir DIR";

/// What was asked for, and the folder of the built page.
pub struct Options {
    pub command: Command,
    pub dir: PathBuf,
}

pub enum Command {
    Serve(Serve),
    Size { limit: Option<usize>, only: Vec<String> },
    Compress,
}

#[derive(Default)]
pub struct Serve {
    /// 0 lets the system choose; the choice is printed.
    pub port: u16,
    /// Served as `/config.json` in place of the built one.
    pub config: Option<PathBuf>,
    /// Origins the page may open connections to, such as `ws://127.0.0.1:15280`.
    pub connect: Vec<String>,
    /// Origins that files are uploaded to and shown from.
    pub upload: Vec<String>,
    /// Origins whose pages may show the chat in a frame.
    pub embed: Vec<String>,
    /// Collect the browser's reports of policy violations.
    pub csp_report: bool,
    /// End when this process does, however it dies.
    pub owner: Option<u32>,
}

impl Options {
    pub fn parse(mut arguments: lexopt::Parser) -> Result<Self, lexopt::Error> {
        let mut name = None;
        let mut dir = None;
        let mut limit = None;
        let mut only = Vec::new();
        let mut serve = Serve { port: 8080, ..Serve::default() };
        while let Some(argument) = arguments.next()? {
            match argument {
                Value(word) if name.is_none() => name = Some(word.string()?),
                Long("dir") => dir = Some(arguments.value()?.into()),
                Long("limit") => limit = Some(arguments.value()?.parse()?),
                Long("port") => serve.port = arguments.value()?.parse()?,
                Long("config") => serve.config = Some(arguments.value()?.into()),
                Long("connect") => serve.connect.push(origin(arguments.value()?.string()?)?),
                Long("upload") => serve.upload.push(origin(arguments.value()?.string()?)?),
                Long("embed") => serve.embed.push(origin(arguments.value()?.string()?)?),
                Long("only") => only.push(arguments.value()?.string()?),
                Long("owner") => serve.owner = Some(arguments.value()?.parse()?),
                Long("csp-report") => serve.csp_report = true,
                other => return Err(other.unexpected()),
            }
        }
        let command = match name.as_deref() {
            Some("serve") => Command::Serve(serve),
            Some("size") => Command::Size { limit, only },
            Some("compress") => Command::Compress,
            _ => return Err("say what to do: serve, size or compress".into()),
        };
        Ok(Self { command, dir: dir.ok_or("--dir is missing")? })
    }
}

/// An origin goes into the policy header as it is, so nothing may be in it that ends a source or a directive.
fn origin(text: String) -> Result<String, lexopt::Error> {
    let clean = |c: char| c.is_ascii_alphanumeric() || ":/.-*[]".contains(c);
    if text.contains("://") && text.chars().all(clean) {
        Ok(text)
    } else {
        Err(format!("not an origin: {text}").into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<Options, lexopt::Error> {
        Options::parse(lexopt::Parser::from_args(words))
    }

    #[test]
    fn an_origin_cannot_add_a_directive() {
        assert!(parse(&["serve", "--dir", "d", "--connect", "ws://127.0.0.1:1"]).is_ok());
        assert!(parse(&["serve", "--dir", "d", "--connect", "ws://a; script-src *"]).is_err());
        assert!(parse(&["serve", "--dir", "d", "--connect", "'unsafe-inline'"]).is_err());
    }

    #[test]
    fn a_command_and_a_folder_are_needed() {
        assert!(parse(&["--dir", "d"]).is_err());
        assert!(parse(&["size"]).is_err());
        assert!(parse(&["size", "--dir", "d", "--limit", "130000"]).is_ok());
    }
}
