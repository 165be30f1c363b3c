use super::*;
use std::fmt::Write;

/// A tree in brackets: `(strong …)`, `{code}` lines, `"…"` for text, `<…>` for links.
fn shown(text: &str) -> String {
    let mut out = String::new();
    show_blocks(&mut out, &blocks(text, true));
    assert_eq!(written(&blocks(text, true)), text, "the tree holds all of the text");
    out
}

fn show_blocks(out: &mut String, blocks: &[Block<'_>]) {
    for (number, block) in blocks.iter().enumerate() {
        if number > 0 {
            out.push('|');
        }
        match block {
            Block::Line { spans, .. } => show_spans(out, spans),
            Block::Pre { rows, closed } => {
                let end = rows.len().saturating_sub(usize::from(*closed));
                let lines: Vec<&str> = rows.iter().take(end).skip(1).map(Row::text).collect();
                write!(out, "{{{}}}", lines.join("/")).unwrap();
            }
            Block::Quote(inner) => {
                out.push_str("> [");
                show_blocks(out, inner);
                out.push(']');
            }
        }
    }
}

fn show_spans(out: &mut String, spans: &[Span<'_>]) {
    for span in spans {
        match span {
            Span::Text(text) => out.push_str(text),
            Span::Link(link) => write!(out, "<{link}>").unwrap(),
            Span::Styled(style, inner) => {
                write!(out, "({style:?} ").unwrap();
                show_spans(out, inner);
                out.push(')');
            }
        }
    }
}

/// The text that a tree was read from.
fn written(blocks: &[Block<'_>]) -> String {
    let mut lines = Vec::new();
    write_blocks(&mut lines, blocks);
    lines.join("\n")
}

fn write_blocks(lines: &mut Vec<String>, blocks: &[Block<'_>]) {
    for block in blocks {
        match block {
            Block::Line { lead, spans } => {
                let mut line = (*lead).to_owned();
                write_spans(&mut line, spans);
                lines.push(line);
            }
            Block::Pre { rows, .. } => lines.extend(rows.iter().map(|row| format!("{}{}", row.lead(), row.text()))),
            Block::Quote(inner) => write_blocks(lines, inner),
        }
    }
}

fn write_spans(line: &mut String, spans: &[Span<'_>]) {
    for span in spans {
        match span {
            Span::Text(text) | Span::Link(text) => line.push_str(text),
            Span::Styled(style, inner) => {
                line.push_str(style.mark());
                write_spans(line, inner);
                line.push_str(style.mark());
            }
        }
    }
}

#[test]
fn the_examples_of_plain_lines() {
    let text = "(There are three blocks in this body marked by parens,)\n(but there is no *formatting)\n(as spans* may \
                not escape blocks.)";
    assert_eq!(shown(text), text.replace('\n', "|"));
    assert_eq!(shown("(Two spans, both )(*alike in dignity*)"), "(Two spans, both )(*alike in dignity*)");
    assert_eq!(shown("Two spans, both *alike in dignity*"), "Two spans, both (Strong alike in dignity)");
}

#[test]
fn the_examples_of_preformatted_blocks() {
    assert_eq!(
        shown("```ignored\n(println \"Hello, world!\")\n```\n\nThis should show up as monospace, preformatted text ⤴"),
        "{(println \"Hello, world!\")}||This should show up as monospace, preformatted text ⤴"
    );
    assert_eq!(
        shown(
            "> ```\n> (println \"Hello, world!\")\n\nThe entire blockquote is a preformatted text block, but this\nline is plaintext!"
        ),
        "> [{(println \"Hello, world!\")}]||The entire blockquote is a preformatted text block, but this|line is \
         plaintext!"
    );
    assert_eq!(shown("```\n*a* > b\n``` \n> x\n```"), "{*a* > b/``` /> x}");
    assert_eq!(shown("```"), "{}");
    assert_eq!(shown("```\n```\nb"), "{}|b");
    assert_eq!(shown("a ```\nb"), "a ```|b");
}

#[test]
fn the_examples_of_quotations() {
    assert_eq!(
        shown("> That that is, is.\n\nSaid the old hermit of Prague."),
        "> [That that is, is.]||Said the old hermit of Prague."
    );
    assert_eq!(
        shown(">> That that is, is.\n> Said the old hermit of Prague.\n\nWho?"),
        "> [> [That that is, is.]|Said the old hermit of Prague.]||Who?"
    );
    // Of the white space after the mark, only the first is part of it; a quotation in between is none.
    assert_eq!(shown(">  a\n>\n> > b"), "> [ a||> [b]]");
    assert_eq!(shown("a > b"), "a > b");
    assert_eq!(shown("> ```\n> a\n>> b\nc"), "> [{a/> b}]|c");
}

#[test]
fn the_examples_of_spans() {
    for (text, tree) in [
        ("*strong*", "(Strong strong)"),
        ("plain *strong* plain", "plain (Strong strong) plain"),
        ("*strong* plain *strong*", "(Strong strong) plain (Strong strong)"),
        ("*strong*plain*", "(Strong strong)plain*"),
        ("* plain *strong*", "* plain (Strong strong)"),
        ("_emphasized span containing *strong span*_", "(Emphasis emphasized span containing (Strong strong span))"),
        ("span one *span two*", "span one (Strong span two)"),
        (
            "The full title is _Twelfth Night, or What You Will_ but\n_most_ people shorten it.",
            "The full title is (Emphasis Twelfth Night, or What You Will) but|(Emphasis most) people shorten it.",
        ),
        ("but *most* people", "but (Strong most) people"),
        ("Everyone ~dis~likes cake.", "Everyone (Strike dis)likes cake."),
        ("Wow, I can write in `monospace`!", "Wow, I can write in (Code monospace)!"),
        ("This is `*monospace*`", "This is (Code *monospace*)"),
        ("This is *`monospace and bold`*", "This is (Strong (Code monospace and bold))"),
    ] {
        assert_eq!(shown(text), tree, "{text}");
    }
    for text in ["not strong*", "*not strong", "*not \n strong*", "*not *strong", "**", "***", "****", "* *", "a*b*c"] {
        assert_eq!(shown(text), text.replace('\n', "|"), "{text}");
    }
}

#[test]
fn a_span_ends_with_the_first_mark_that_may_end_it() {
    for (text, tree) in [
        ("*a *b*", "(Strong a *b)"),
        ("*a _b* c_", "(Strong a _b) c_"),
        ("*_~`x`~_*", "(Strong (Emphasis (Strike (Code x))))"),
        ("_*a*_", "(Emphasis (Strong a))"),
        ("*_a*", "(Strong _a)"),
        ("`a *b` c*", "(Code a *b) c*"),
        ("\u{2003}*é*", "\u{2003}(Strong é)"),
        ("**a*", "**a*"),
        ("*a**", "(Strong a)*"),
    ] {
        assert_eq!(shown(text), tree, "{text}");
    }
}

#[test]
fn links_have_no_style_inside() {
    for (text, tree) in [
        ("*https://a.example/_b_*", "(Strong <https://a.example/_b>_)"),
        ("https://a.example/a*b *c*", "<https://a.example/a*b> (Strong c)"),
        ("_a https://b.example/_c d_", "(Emphasis a <https://b.example/_c> d)"),
        ("`https://a.example` https://b.example", "(Code https://a.example) <https://b.example>"),
        ("> *xmpp:a@b*", "> [(Strong <xmpp:a@b>)]"),
    ] {
        assert_eq!(shown(text), tree, "{text}");
    }
}

#[test]
fn what_is_unstyled_has_links_only() {
    let text = "> *a* `b`\n```\nhttps://a.example\n```";
    let tree = blocks(text, false);
    assert_eq!(written(&tree), text);
    let mut out = String::new();
    show_blocks(&mut out, &tree);
    assert_eq!(out, "> *a* `b`|```|<https://a.example>|```");
}

#[test]
fn an_action_begins_with_its_word() {
    assert_eq!(action("/me waves"), Some("waves"));
    for text in ["/me", "/mewaves", " /me waves", "/Me waves", "/me's"] {
        assert_eq!(action(text), None, "{text}");
    }
}

#[test]
fn limits_hold_and_the_rest_is_text() {
    let deep = format!("{}x", ">".repeat(100));
    let tree = blocks(&deep, true);
    assert_eq!(written(&tree), deep);
    let mut depth = 0;
    let mut inner = &tree;
    while let [Block::Quote(quoted)] = inner.as_slice() {
        depth += 1;
        inner = quoted;
    }
    assert_eq!(depth, DEPTH);
    let many = "*a* ".repeat(5_000);
    let tree = blocks(&many, true);
    let [Block::Line { spans, .. }] = tree.as_slice() else { panic!("one line") };
    assert_eq!(spans.iter().filter(|span| matches!(span, Span::Styled(..))).count(), SPANS);
    let quotes = "> a\n\n".repeat(2_000);
    let number = blocks(&quotes, true).iter().filter(|block| matches!(block, Block::Quote(_))).count();
    assert_eq!(number, BLOCKS);
}
