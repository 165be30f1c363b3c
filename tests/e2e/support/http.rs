//! As much HTTP as tests need: one request, one answer as text.

use std::io::{BufRead, BufReader, Error, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use super::wait::PATIENCE;

/// An answer.
pub struct Answer {
    pub status: u16,
    pub body: String,
}

/// `line` is the method and the path.
pub fn request(line: &str, host: &str, port: u16, body: &str) -> Answer {
    ask(line, host, port, body).unwrap_or_else(|problem| panic!("{line} to port {port}: {problem}"))
}

fn ask(line: &str, host: &str, port: u16, body: &str) -> Result<Answer, Error> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(PATIENCE + Duration::from_secs(1)))?;
    let length = body.len();
    write!(
        stream,
        "{line} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\n\r\n{body}",
    )?;
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let status = first.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
    let mut length = None;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        let Some((name, value)) = header.split_once(':') else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().ok();
        }
    }
    // Some keep the connection open whatever they were asked for, so the end of it is not the end of the answer.
    let mut body = String::new();
    match length {
        Some(length) => reader.take(length).read_to_string(&mut body)?,
        None => reader.read_to_string(&mut body)?,
    };
    Ok(Answer { status, body })
}
