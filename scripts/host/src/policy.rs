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
    fn reports_are_asked_for_only_when_wanted() {
        assert!(!policy().contains("report"));
        assert!(content_security(&[], &[], true).ends_with("; report-uri /csp-report"));
    }
}
