//! Our addresses against the `jid` crate: its own test list, and what the rest of Unicode can do to an address.

use unicode_normalization::UnicodeNormalization;
use waxwing::jid::{BareJid, FullJid, Jid, Prepare};

/// What the browser does for us, done by a crate.
pub struct Native;

impl Prepare for Native {
    fn nfkc(&self, text: &str) -> String {
        text.nfkc().collect()
    }

    fn lowercase(&self, text: &str) -> String {
        text.to_lowercase()
    }
}

pub fn typed(text: &str) -> Option<String> {
    BareJid::prepare(text, &Native).ok().map(|jid| jid.to_string())
}

pub fn judged(text: &str) -> Option<String> {
    text.parse::<jid::BareJid>().ok().map(|jid| jid.to_string())
}

fn read(text: &str) -> Option<String> {
    text.parse::<Jid>().ok().map(|jid| jid.to_string())
}

fn judged_any(text: &str) -> Option<String> {
    text.parse::<jid::Jid>().ok().map(|jid| jid.to_string())
}

fn long(local: usize, domain: &str, resource: usize) -> String {
    format!("{}@{domain}/{}", "a".repeat(local), "b".repeat(resource))
}

#[test]
fn the_list_of_the_crate() {
    let label = "a".repeat(63);
    for text in [
        // can_parse_full_jids, can_parse_bare_jids, full_to_bare_jid, jid_from_parts, accepts_domain_only_jid
        "a@b.c/d",
        "b.c/d",
        "a@b.c",
        "b.c",
        "a@b/c",
        "a@b",
        "e@f.g",
        "node@domain/resource",
        "node@domain",
        "foo@bar/baz",
        "example.com",
        "example.com/x",
        // invalid_jids
        "",
        "/c",
        "a@/c",
        "@b",
        "b/",
        "a@b@c",
        "a@b@c/d",
        // idna, invalid_idna
        "127.0.0.1",
        "[::1]",
        "domain.tld.",
        "[::1234",
        "1::1234]",
        "domain.tld:5222",
        "-domain.tld",
        "domain.tld-",
        "domain..tld",
        "domain.tld..",
        "1234567890123456789012345678901234567890123456789012345678901234.com",
    ] {
        assert_eq!(read(text), judged_any(text), "{text:?}");
        if !text.contains('/') {
            assert_eq!(typed(text), judged(text), "{text:?}");
        }
    }
    // reject_long_localpart, reject_long_domainpart, reject_long_resourcepart, with the last length that fits
    for text in [
        long(1023, "foo", 1),
        long(1024, "foo", 1),
        long(1, "y", 1023),
        long(1, "y", 1024),
        format!("x@{label}"),
        format!("x@a{label}"),
        format!("x@{label}.{label}.{label}.{}", "d".repeat(61)),
        format!("x@{label}.{label}.{label}.{}", "d".repeat(62)),
    ] {
        assert_eq!(read(&text), judged_any(&text), "{text:?}");
    }
    // stringprep, idna, normalizes_all_parts: as typed, because these need the tables
    for text in ["Test@☃.coM", "Weiß.com.", "ßA@IX.test"] {
        assert_eq!(typed(text), judged(text), "{text:?}");
        assert!(typed(text).is_some());
    }
    // FullJid wants a resource and BareJid none
    assert!("a@b".parse::<FullJid>().is_err() && "a@b/c".parse::<BareJid>().is_err());
}

#[test]
fn what_a_person_types_is_prepared_as_the_crate_does() {
    for text in [
        "ЮЛИЯ@Пример.Испытание",
        "юлия@пример.испытание",
        "STRASSE@a.example",
        "straße@a.example",
        "ΟΔΥΣΣΕΥΣ@a.example",
        "οδυσσευς@a.example",
        "οδυσσευσ@a.example",
        "ＲＯＭＥＯ@a.example",
        "romeo@ａ.example",
        "romeo@Ａ．ｅｘａｍｐｌｅ",
        // combined and combining, in either order of the marks
        "é@é.example",
        "e\u{301}@e\u{301}.example",
        "a\u{323}\u{302}@a.example",
        "a\u{302}\u{323}@a.example",
        "İI@a.example",
        "ﬁ@ﬂ.example",
        "Ⅸ@a.example",
        "가@가.example",
        "李@例え.テスト",
        // vanish: soft hyphen, joiners and other zero widths, variation selectors
        "ro\u{ad}meo@a.example",
        "ro\u{200b}m\u{200d}e\u{2060}o\u{feff}@a.example",
        "ro\u{fe0f}meo@a.example",
        "\u{200b}@a.example",
        // forbidden: direction, spaces, controls, private use, non-characters, separators
        "ro\u{202e}meo@a.example",
        "ro\u{200f}meo@a.example",
        "ro\u{2067}meo@a.example",
        "ro\u{a0}meo@a.example",
        "ro\u{3000}meo@a.example",
        "ro\u{85}meo@a.example",
        "ro\u{e000}meo@a.example",
        "ro\u{fdd0}meo@a.example",
        "ro\u{fffd}meo@a.example",
        "ro\u{2028}meo@a.example",
        "ro:meo@a.example",
        "ro\"meo@a.example",
        "ro&meo@a.example",
        "ro'meo@a.example",
        "ro<meo@a.example",
        "ro>meo@a.example",
        // only look like what divides an address, so they must not divide it
        "romeo＠a.example",
        "romeo@a.example／x",
        "a℀b@a.example",
        "romeo@a.example\u{ff0f}",
        // right to left throughout
        "روميو@a.example",
        "רומיאו@a.example",
        "romeo@a..example",
        "romeo@xn--e1afmkfd.example",
        "romeo@[2001:db8::1]",
        "romeo@[::ffff:192.0.2.1]",
        "romeo@[2001:db8::1",
        "romeo@[2001:db8::g]",
        "romeo@192.0.2.1",
        "romeo@under_score.example",
        "r.o-m_e+o=!#$%*?^`{|}~(),;[]\\@a.example",
    ] {
        assert_eq!(typed(text), judged(text), "{text:?}");
    }
}

#[test]
fn resources_keep_slashes_and_ats() {
    for text in [
        "romeo@a.example/a/b",
        "romeo@a.example/a@b",
        "romeo@a.example//",
        "romeo@a.example/@",
        "a.example/x@b.example/y",
        "romeo@a.example/Two Words",
        "romeo@a.example/UPPER",
        "romeo@a.example/\"&'<>:",
        "romeo@a.example/ü\u{7}",
        "romeo@a.example/\u{202e}",
        "romeo@a.example/\u{a0}",
    ] {
        // No-break spaces become spaces in the crate. We do not rewrite resources: they are made by a server or
        // for one, and it does.
        let expected = if text.contains('\u{a0}') { None } else { judged_any(text) };
        assert_eq!(read(text), expected, "{text:?}");
    }
}

#[test]
fn what_a_server_has_prepared_is_kept_as_it_is() {
    for text in [
        "юлия@пример.испытание/Телефон",
        "strasse@a.example/ß",
        "é@é.example/É",
        "李@例え.テスト/部屋",
        "روميو@a.example/x",
        "a.example",
        "[::1]",
        "romeo@xn--e1afmkfd.example",
    ] {
        assert_eq!(judged_any(text).as_deref(), Some(text));
        assert_eq!(read(text).as_deref(), Some(text));
    }
}

#[test]
fn where_we_differ_on_purpose() {
    // From the wire, letters beyond ASCII are not folded: the server did it, and the tables weigh more than the
    // rest of the client. Whoever smuggles in such an address gets one that equals nobody's, which is safe.
    assert_eq!(read("ЮЛИЯ@a.example").as_deref(), Some("ЮЛИЯ@a.example"));
    assert_eq!(judged_any("ЮЛИЯ@a.example").as_deref(), Some("юлия@a.example"));
    assert_eq!(read("straße@a.example").as_deref(), Some("straße@a.example"));
    assert_eq!(read("a@b.example/™").as_deref(), Some("a@b.example/™"));

    // Characters younger than Unicode 3.2, emoji above all. Stringprep refuses them where an address is stored and
    // lets them pass where one is asked for; we ask. People have them in their nicks, and rooms let them.
    for (text, kept) in [
        ("romeo@a.example/\u{1f600}", "romeo@a.example/\u{1f600}"),
        ("a@b/🎉", "a@b/🎉"),
        ("\u{1f426}@a.example", "\u{1f426}@a.example"),
        ("romeo@a.example/👨\u{200d}👩", "romeo@a.example/👨\u{200d}👩"),
    ] {
        assert_eq!((read(text).as_deref(), judged_any(text)), (Some(kept), None), "{text:?}");
    }

    // A mixture of directions. Stringprep forbids it, for which the tables of directions would be needed; what
    // does harm on a screen is isolated there.
    assert_eq!(judged("רa@a.example"), None);
    assert_eq!(typed("רa@a.example").as_deref(), Some("רa@a.example"));

    // An IPv6 address in capitals is the same address, so we fold it like every other domain.
    assert_eq!(typed("romeo@[2001:DB8::A]").as_deref(), Some("romeo@[2001:db8::a]"));
    assert_eq!(judged("romeo@[2001:DB8::A]").as_deref(), Some("romeo@[2001:DB8::A]"));

    // The crate applies the rules for new names of hosts to existing ones; hyphens in the third and fourth place
    // and broken punycode are for the registrars to refuse.
    for text in ["romeo@ab--cd.example", "romeo@xn--a.example"] {
        assert_eq!((typed(text).as_deref(), judged(text)), (Some(text), None), "{text:?}");
    }

    // ASCII signs that no host has in its name pass the crate; we refuse them.
    for text in ["romeo@a'b.example", "romeo@a&b.example", "romeo@a~b.example"] {
        assert_eq!((typed(text), judged(text).as_deref()), (None, Some(text)), "{text:?}");
    }

    // The dot of the root goes (RFC 7622 §3.2). The crate means to drop it too, but keeps it where nothing else changes.
    assert_eq!(typed("romeo@a.example.").as_deref(), Some("romeo@a.example"));
    assert_eq!(judged("romeo@a.example.").as_deref(), Some("romeo@a.example."));
    assert_eq!(judged("Romeo@A.example.").as_deref(), Some("romeo@a.example"));

    // The full stop of Chinese and Japanese keyboards divides a domain (RFC 3490 §3.1). The crate leaves it in.
    assert_eq!(typed("romeo@例え。テスト").as_deref(), Some("romeo@例え.テスト"));
    assert_eq!(typed("romeo@例え｡テスト").as_deref(), Some("romeo@例え.テスト"));

    // White space around what is typed is no part of it.
    assert_eq!((typed(" romeo@a.example\n").as_deref(), judged(" romeo@a.example\n")), (Some("romeo@a.example"), None));
}
