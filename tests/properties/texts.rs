//! Whatever a text holds, reading its style keeps all of it and takes time in proportion to it.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use waxwing::present::rich_text::{Block, Span, blocks, mentions_in, parts};
use waxwing::present::spoiler;
use waxwing::present::text::is_lone_emoji;
use waxwing::present::{emoji, rich_text};

use crate::cases;

/// Texts made of what the rules are about.
fn text() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "*",
        "_",
        "~",
        "`",
        "```",
        ">",
        "> ",
        "\n",
        " ",
        "a",
        "b c",
        "é",
        "😀",
        "https://a.example",
        "xmpp:",
        "tel:1",
        ")",
        ".",
        "\u{2003}",
        "\u{202e}",
        "@jule",
        ":smi",
        "/me ",
        "\r",
    ]);
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

fn lines(blocks: &[Block<'_>], lines: &mut Vec<String>) {
    for block in blocks {
        match block {
            Block::Line { lead, spans } => {
                let mut line = (*lead).to_owned();
                write(spans, &mut line, None);
                lines.push(line);
            }
            Block::Pre { rows, .. } => lines.extend(rows.iter().map(|row| format!("{}{}", row.lead(), row.text()))),
            Block::Quote(inner) => {
                assert!(!inner.is_empty());
                self::lines(inner, lines);
            }
        }
    }
}

/// Writes spans as they were, and holds what the XEP says of them.
fn write(spans: &[Span<'_>], line: &mut String, within: Option<rich_text::Style>) {
    for span in spans {
        match span {
            Span::Text(text) | Span::Link(text) => line.push_str(text),
            Span::Styled(style, inner) => {
                assert!(within != Some(*style) && within != Some(rich_text::Style::Code));
                let begin = line.len() + 1;
                line.push_str(style.mark());
                write(inner, line, Some(*style));
                let content = &line[begin..];
                assert!(!content.is_empty() && !content.contains('\n'));
                assert!(!content.starts_with(char::is_whitespace) && !content.ends_with(char::is_whitespace));
                line.push_str(style.mark());
            }
        }
    }
}

fn rewritten(blocks: &[Block<'_>]) -> String {
    let mut all = Vec::new();
    lines(blocks, &mut all);
    all.join("\n")
}

proptest! {
    #![proptest_config(cases(600))]

    #[test]
    fn the_tree_is_the_text(text in text(), styled: bool) {
        prop_assert_eq!(rewritten(&blocks(&text, styled)), text);
    }

    #[test]
    fn the_tree_of_any_text_is_that_text(text: String) {
        prop_assert_eq!(rewritten(&blocks(&text, true)), text.as_str());
        let pieces: String = mentions_in(&text, &["a", "É"]).iter().map(|(piece, _)| *piece).collect();
        prop_assert_eq!(pieces, text);
    }

    #[test]
    fn nothing_that_is_typed_traps(text in text()) {
        let _ = (is_lone_emoji(&text), spoiler::written(&text), rich_text::action(&text));
        if let Some(typed) = emoji::typed(&text) {
            let end = if typed.ended { ":" } else { "" };
            let whole = format!(":{}{end}", typed.code);
            prop_assert!(text.ends_with(&whole) && whole.len() == typed.len());
        }
    }
}

/// What is quadratic somewhere takes minutes for as much as this; this takes milliseconds.
#[test]
fn hostile_texts_are_read_in_time() {
    const SIZE: usize = 96 * 1024;
    let pieces = [
        "*",
        "* ",
        " *",
        "*a ",
        " *a",
        "_*",
        " _*~`",
        "*a_b ",
        "`",
        "` `a",
        "```\n",
        "> ```\n",
        ">",
        "> ",
        ">\n",
        "> >\n",
        ")",
        "https://",
        "xhttps://",
        "(https://",
        " https://a)",
        "mailto:",
        "tel:",
        "@",
        "@a",
        "\n",
        "*\n",
        "👩\u{200d}",
    ];
    let mut hostile: Vec<String> = pieces.iter().map(|piece| piece.repeat(SIZE / piece.len())).collect();
    hostile.push(format!("https://a{}", ")]".repeat(SIZE / 2)));
    hostile.push(format!("{}{}", " *a".repeat(SIZE / 6), "a* ".repeat(SIZE / 6)));
    hostile.push(format!("{}\n", ">".repeat(500)).repeat(SIZE / 500));
    hostile.push(format!("*{}*", " _a ~b `c".repeat(SIZE / 9)));
    for text in hostile {
        let begin = Instant::now();
        assert_eq!(rewritten(&blocks(&text, true)), text);
        let _ = (parts(&text), mentions_in(&text, &["a", "jule"]), is_lone_emoji(&text), emoji::typed(&text));
        let took = begin.elapsed();
        assert!(took < Duration::from_secs(2), "{took:?} for {:?}", text.chars().take(12).collect::<String>());
    }
}
