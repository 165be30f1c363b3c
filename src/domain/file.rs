//! Names of files that others gave, made fit to show and to send.

/// The longest name, in characters.
const LONGEST: usize = 100;
/// The longest ending that is kept when a name is clipped, in characters with its dot.
const ENDING: usize = 10;
/// What a file without a name is called.
const NAMELESS: &str = "file";

/// What could turn the text around it, or hide in it: a name with such marks can pretend to another ending.
pub const fn is_hidden(character: char) -> bool {
    matches!(character, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// The name alone, without folders, controls and direction marks; clipped in the middle, so that its real ending stays.
pub fn clean_name(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = base.chars().filter(|&c| !c.is_control() && !is_hidden(c)).collect();
    let clean = clean.trim();
    if clean.trim_matches('.').is_empty() {
        return NAMELESS.to_owned();
    }
    let count = clean.chars().count();
    if count <= LONGEST {
        return clean.to_owned();
    }
    let ending: String = ending(clean).map(|ending| format!(".{ending}")).unwrap_or_default();
    let kept = if ending.chars().count() <= ENDING { &*ending } else { "" };
    let begin = LONGEST.saturating_sub(kept.chars().count().saturating_add(1));
    clean.chars().take(begin).chain(['…']).chain(kept.chars()).collect()
}

/// What stands after the last dot of a name.
pub fn ending(name: &str) -> Option<&str> {
    let (before, ending) = name.rsplit_once('.')?;
    (!before.is_empty() && !ending.is_empty()).then_some(ending)
}

/// Whether a file of this name is shown as a picture. Only what a browser draws and never runs: not svg, not html.
pub fn is_picture(name: &str) -> bool {
    let drawn = ["jpg", "jpeg", "png", "gif", "webp", "avif"];
    ending(name).is_some_and(|ending| drawn.iter().any(|one| ending.eq_ignore_ascii_case(one)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_no_folder_and_hides_nothing() {
        assert_eq!(clean_name("holiday.jpg"), "holiday.jpg");
        assert_eq!(clean_name("../../etc/passwd"), "passwd");
        assert_eq!(clean_name("C:\\Users\\me\\a b.png"), "a b.png");
        assert_eq!(clean_name("photo\u{202e}gpj.exe"), "photogpj.exe");
        assert_eq!(clean_name("a\r\nX-Header: 1.txt"), "aX-Header: 1.txt");
        assert_eq!(clean_name("ünïcode 写真.jpeg"), "ünïcode 写真.jpeg");
        for name in ["", "..", "/", "a/..", "\u{200b}", " "] {
            assert_eq!(clean_name(name), NAMELESS, "{name:?}");
        }
        let long = clean_name(&format!("{}.tar.gz", "x".repeat(500)));
        assert!(long.ends_with("….gz") && long.chars().count() == LONGEST, "{long}");
        assert_eq!(clean_name(&"y".repeat(500)).chars().count(), LONGEST);
        assert_eq!(clean_name(&format!("a.{}", "z".repeat(500))).chars().count(), LONGEST);
    }

    #[test]
    fn only_what_is_drawn_and_never_run_is_a_picture() {
        for name in ["a.jpg", "A.JPEG", "b.c.png", "x.gif", "x.webp", "x.avif"] {
            assert!(is_picture(name), "{name}");
        }
        for name in ["a.svg", "a.html", "jpg", ".jpg", "a.jpg.exe", "a.png ", "a."] {
            assert!(!is_picture(name), "{name}");
        }
    }
}
