//! Addresses on the web (RFC 3986 §3), as far as it matters whether they are safe to go to.

/// The host that an address names after its scheme, without the port; `None` for one that could be read in two ways.
///
/// A name before the host is none of ours (RFC 3986 §7.5), and browsers take `\` for `/` where others do not.
pub fn host<'a>(url: &'a str, after_scheme: &'a str) -> Option<&'a str> {
    let authority = after_scheme.split(['/', '?', '#', '\\']).next()?;
    if authority.is_empty() || authority.contains('@') || url.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return None;
    }
    match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next(),
        None => authority.split(':').next(),
    }
}

/// The host of an address of a file, if files may be put to it and fetched from it: the way there is encrypted
/// (XEP-0363 §4).
///
/// With `local`, which is for accounts of a domain that is this machine itself, http to this machine is as good:
/// nothing of it is ever on a wire, and such a domain has no certificate. An account of any other domain gets no such
/// address, or its server could make the page talk to whatever else runs on the user's machine.
pub fn host_of_file(url: &str, local: bool) -> Option<&str> {
    let (scheme, rest) = url.split_once("://")?;
    let host = host(url, rest).filter(|host| !host.is_empty())?;
    let is_safe =
        scheme.eq_ignore_ascii_case("https") || (local && scheme.eq_ignore_ascii_case("http") && is_loopback(host));
    is_safe.then_some(host)
}

/// Whether this names the machine itself.
pub fn is_loopback(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    host == "localhost"
        || host.ends_with(".localhost")
        || host == "::1"
        || host.strip_prefix("127.").is_some_and(is_rest_of_ipv4)
}

/// Whether these are the last three parts of an IPv4 address. The library's parser weighs more than this.
fn is_rest_of_ipv4(rest: &str) -> bool {
    rest.split('.').count() == 3 && rest.split('.').all(|part| part.len() <= 3 && part.parse::<u8>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_go_over_encrypted_ways_or_stay_on_the_machine() {
        assert_eq!(host_of_file("https://up.example:5443/a/b.jpg", false), Some("up.example"));
        assert_eq!(host_of_file("HTTPS://up.example?x", false), Some("up.example"));
        assert_eq!(host_of_file("http://upload.b.localhost:15290/x", true), Some("upload.b.localhost"));
        assert_eq!(host_of_file("http://[::1]:80/x", true), Some("::1"));
        for (url, local) in [
            ("http://up.example/x", true),
            ("http://a.localhost/x", false),
            ("https://a.localhost@up.example/x", true),
            ("https:///x", true),
            ("https://", true),
            ("ftp://up.example/x", true),
            ("javascript://up.example/%0aalert(1)", true),
            ("data:text/html,x", true),
            ("https://up.example/a b", false),
            ("https://up.example/a\r\nX: y", false),
            ("http://127.0.0.1.evil.example/x", true),
            ("up.example/x", true),
            ("", true),
        ] {
            assert_eq!(host_of_file(url, local), None, "{url}");
        }
    }
}
