use super::*;

fn table() -> Table {
    Table::new(include_str!("../../../public/emoji.txt").to_owned()).unwrap()
}

fn shown(found: Vec<Emoji<'_>>) -> Vec<&str> {
    found.iter().map(|emoji| emoji.plain).collect()
}

#[test]
fn the_table_is_whole() {
    let table = table();
    let groups: Vec<&str> = table.groups().collect();
    assert_eq!(groups.len(), 9);
    assert_eq!(groups.first(), Some(&"Smileys & emotion"));
    let numbers: Vec<usize> = (0..=groups.len()).map(|number| table.group(number).count()).collect();
    assert_eq!(numbers.iter().sum::<usize>(), table.all().count());
    assert!(numbers[..9].iter().all(|&number| number > 80) && numbers[9] == 0, "{numbers:?}");
    for emoji in table.all() {
        assert!(crate::present::text::is_lone_emoji(emoji.plain), "{emoji:?}");
        assert!(!emoji.code().is_empty() && !emoji.name().is_empty() && !emoji.plain.contains(' '), "{emoji:?}");
        assert_eq!(table.with_code(emoji.code()).map(|found| found.plain), Some(emoji.plain), "{emoji:?}");
        assert!(emoji.code().len() <= CODE, "{emoji:?}");
    }
}

#[test]
fn what_is_no_table_is_refused() {
    for text in ["", "<!doctype html><title>x</title>", "=Only a group", "# a"] {
        assert!(Table::new(text.to_owned()).is_none(), "{text}");
    }
}

#[test]
fn words_and_shortcodes_find_emoji() {
    let table = table();
    assert_eq!(shown(table.search("smi", 3)), ["😃", "😄", "🥰"]);
    assert_eq!(shown(table.search("+1", 1)), ["👍"]);
    assert_eq!(shown(table.search("-1", 1)), ["👎"]);
    assert_eq!(shown(table.search("Germany", 1)), ["🇩🇪"]);
    assert_eq!(shown(table.search("thumbs_up", 1)), ["👍"]);
    assert_eq!(shown(table.search("thumbs down", 9)), ["👎"]);
    assert!(table.search("tear joy", 9).iter().any(|emoji| emoji.plain == "😂"));
    for text in ["", " ", "_", "qqq"] {
        assert!(table.search(text, 9).is_empty(), "{text:?}");
    }
    assert_eq!(table.search("a", 40).len(), 40);
    assert_eq!(table.with_code("thumbsup").unwrap().name(), "thumbs up");
    assert_eq!(table.with_code("melting_face").unwrap().name(), "melting face");
    assert_eq!(table.with_code("thumb"), None);
}

#[test]
fn skin_tones_go_where_they_belong() {
    let table = table();
    let toned = |plain: &str| table.find(plain).unwrap().toned(Tone::Medium);
    assert_eq!(toned("👋"), "👋🏽");
    assert_eq!(toned("☝️"), "☝🏽");
    assert_eq!(toned("🤷‍♂️"), "🤷🏽‍♂️");
    assert_eq!(toned("👩‍❤️‍👨"), "👩🏽‍❤️‍👨🏽");
    assert_eq!(toned("😀"), "😀");
    assert_eq!(table.find("👋").unwrap().toned(Tone::Plain), "👋");
    assert_eq!(Tone::of("🏿"), Tone::Dark);
    assert_eq!(Tone::of("x"), Tone::Plain);
}

#[test]
fn a_shortcode_begins_a_word() {
    let found = |text| typed(text).map(|typed| (typed.code, typed.ended, typed.len()));
    assert_eq!(found(":smi"), Some(("smi", false, 4)));
    assert_eq!(found("so :+1:"), Some(("+1", true, 4)));
    assert_eq!(found("😀:smile:"), Some(("smile", true, 7)));
    assert_eq!(found("(:heart"), Some(("heart", false, 6)));
    for text in ["", ":", "::", ":s", "at 10:30", "a:bc", "https://x", ":smi le", ":smi ", "12:30:45", ":)", "x :"] {
        assert_eq!(found(text), None, "{text}");
    }
}

#[test]
fn what_was_used_last_comes_first() {
    assert_eq!(used("", "👍"), "👍");
    assert_eq!(used("😀 👍 🎉", "👍"), "👍 😀 🎉");
    let many: Vec<String> = (0..100).map(|n| n.to_string()).collect();
    let kept = many.iter().fold(String::new(), |kept, emoji| used(&kept, emoji));
    assert_eq!(recent(&kept).count(), RECENT);
    assert_eq!(recent(&kept).next(), Some("99"));
}
