//! The headers that keep a page from doing what it was not written to do.

/// Where the browser sends reports of violations, when they are collected.
pub const REPORTS: &str = "/csp-report";

/// The Content-Security-Policy that Waxwing must work under, with the origins of one set-up filled in.
pub fn content_security(connect: &[String], upload: &[String], report: bool) -> String {
    let sources = |fixed: &str, groups: &[&[String]]| {
        groups.iter().copied().flatten().fold(fixed.to_owned(), |all, origin| all + " " + origin)
    };
    let mut directives = vec![
        "default-src 'none'".to_owned(),
        "script-src 'self' 'wasm-unsafe-eval'".to_owned(),
        "style-src 'self'".to_owned(),
        sources("img-src 'self' blob:", &[upload]),
        sources("media-src 'self' blob:", &[upload]),
        "font-src 'self'".to_owned(),
        sources("connect-src 'self'", &[connect, upload]),
        "worker-src 'self'".to_owned(),
        "manifest-src 'self'".to_owned(),
        "frame-src 'none'".to_owned(),
        "object-src 'none'".to_owned(),
        "base-uri 'none'".to_owned(),
        "form-action 'none'".to_owned(),
        "frame-ancestors 'none'".to_owned(),
        "require-trusted-types-for 'script'".to_owned(),
        // The one that boot.js makes, for the addresses of two scripts that run beside the page.
        "trusted-types waxwing".to_owned(),
    ];
    if report {
        directives.push(format!("report-uri {REPORTS}"));
    }
    directives.join("; ")
}

/// The policy of each file that can be a page.
pub struct Policies {
    page: String,
    frame: String,
    demo: String,
}

impl Policies {
    /// Out of the policy of the page: `embed` are the origins that may show the chat in a frame.
    pub fn new(page: String, embed: &[String]) -> Self {
        let ancestors = embed.iter().fold("frame-ancestors 'self'".to_owned(), |all, origin| all + " " + origin);
        Self {
            frame: page.replace("frame-ancestors 'none'", &ancestors),
            demo: page.replace("frame-src 'none'", "frame-src 'self'"),
            page,
        }
    }

    /// The policy of a file.
    pub fn of(&self, path: &str) -> &str {
        match path {
            "frame.html" => &self.frame,
            "widget.html" => &self.demo,
            _ => &self.page,
        }
    }
}

/// Whether pages of other origins load this file: what `<waxwing-chat>` is made of.
pub fn is_embedded(path: &str) -> bool {
    path == "emoji.txt" || path.starts_with("widget") && !path.ends_with(".html")
}

/// Headers of what other pages load, besides and in place of the others.
pub const EMBEDDED: [(&str, &str); 2] =
    [("Access-Control-Allow-Origin", "*"), ("Cross-Origin-Resource-Policy", "cross-origin")];

/// Headers that every answer carries besides the policy.
pub const ALWAYS: [(&str, &str); 4] = [
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn policy() -> String {
        content_security(&["ws://127.0.0.1:1".to_owned()], &["http://a.localhost:1".to_owned()], false)
    }

    #[test]
    fn a_server_is_admitted_for_connections_only() {
        assert!(policy().contains("connect-src 'self' ws://127.0.0.1:1 http://a.localhost:1;"));
        assert_eq!(policy().matches("ws://127.0.0.1:1").count(), 1);
    }

    #[test]
    fn uploads_are_admitted_for_pictures_and_media() {
        assert!(policy().contains("img-src 'self' blob: http://a.localhost:1;"));
        assert!(policy().contains("media-src 'self' blob: http://a.localhost:1;"));
    }

    #[test]
    fn nothing_unsafe_is_admitted() {
        assert!(policy().starts_with("default-src 'none'; "));
        assert!(policy().ends_with("; require-trusted-types-for 'script'; trusted-types waxwing"));
        assert!(!policy().contains("'unsafe-inline'") && !policy().contains("'unsafe-eval'"));
    }

    #[test]
    fn the_documented_hosts_send_this_very_policy() {
        let policy = |connect: &str, upload: &str| content_security(&[connect.to_owned()], &[upload.to_owned()], false);
        let apart = policy("wss://example.org:5443", "https://upload.example.org");
        for (file, expected) in [
            ("hosting/nginx.conf", apart.clone()),
            ("hosting/apache.conf", apart.clone()),
            ("hosting/Caddyfile", apart),
            ("hosting/mod_waxwing.lua", policy("wss://example.org:5281", "https://upload.example.org:5281")),
            ("ejabberd.md", policy("wss://example.org:5443", "https://example.org:5443")),
        ] {
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(file);
            // Some have a name for what depends on the file.
            let text = std::fs::read_to_string(path).unwrap();
            let text = text.replace("$waxwing_ancestors;", "'none';").replace("{ancestors};", "'none';");
            assert!(text.contains(&expected), "docs/{file} must have: {expected}");
            for (name, value) in ALWAYS {
                let lower = text.to_lowercase().replace('_', "-");
                let named = lower.contains(&name.to_lowercase()) && text.contains(value);
                assert!(named, "docs/{file} must send {name}: {value}");
            }
        }
    }

    #[test]
    fn only_the_frame_may_be_framed_and_only_by_whom_it_is_told() {
        let policies = Policies::new(policy(), &["https://shop.example".to_owned()]);
        assert!(policies.of("frame.html").contains("frame-ancestors 'self' https://shop.example;"));
        assert!(policies.of("index.html").contains("frame-ancestors 'none';"));
        assert!(policies.of("widget.html").contains("frame-ancestors 'none';"));
    }

    #[test]
    fn reports_are_asked_for_only_when_wanted() {
        assert!(!policy().contains("report"));
        assert!(content_security(&[], &[], true).ends_with("; report-uri /csp-report"));
    }
}
