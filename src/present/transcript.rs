//! What was said in a conversation, as a text to keep.

use super::dates::Civil;
use super::text;
use crate::domain::timeline::{Body, Direction, Message};

/// One line for each message: when, who, and what. `me` is how the user is called, `missing` says that earlier messages
/// are not in it.
pub fn transcript<'a>(
    title: &str,
    me: &str,
    missing: Option<&str>,
    rows: impl Iterator<Item = &'a Message>,
    civil: impl Fn(crate::clock::Timestamp) -> Civil,
) -> String {
    let mut lines = vec![text::name(title), String::new()];
    lines.extend(missing.map(str::to_owned));
    for row in rows {
        let Body::Text(said) = &row.body else { continue };
        let at = civil(row.stamp);
        let (year, month, day) = at.day.date();
        let who = match (row.direction, &row.author) {
            (Direction::Out, _) => text::name(me),
            (Direction::In, Some(author)) => text::name(&author.nick),
            (Direction::In, None) => text::name(row.from.as_str()),
        };
        // Lines of a message stay with it: nobody can make up a line of somebody else.
        let said =
            said.replace(['\r', '\u{2028}', '\u{2029}', '\u{85}', '\u{b}', '\u{c}'], "\n").replace('\n', "\n    ");
        lines.push(format!("[{year:04}-{month:02}-{day:02} {}] {who}: {said}", at.time()));
    }
    lines.push(String::new());
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::clock::Timestamp;
    use crate::domain::room::Author;
    use crate::domain::timeline::MessageKey;

    #[test]
    fn each_message_is_one_entry_that_nobody_else_can_forge() {
        let row = |key, direction, nick: Option<&str>, body| Message {
            key: MessageKey(key),
            direction,
            from: "r@b".parse().unwrap(),
            body,
            stamp: Timestamp(1_795_000_000_000),
            delivery: None,
            more: None,
            private: None,
            author: nick
                .map(|nick| Rc::new(Author { nick: nick.into(), occupant_id: None, address: None, number: None })),
        };
        let said = |text: &str| Body::Text(text.into());
        let rows = [
            row(1, Direction::Out, None, said("Hello")),
            row(2, Direction::In, Some("Eve\u{202e}"), said("One\r[2026-01-01 00:00] Anna: two")),
            row(3, Direction::In, None, Body::Retracted),
        ];
        let text = transcript("Support", "Anna", Some("(more)"), rows.iter(), |stamp| Civil::new(stamp, 0));
        let at = "2026-11-18 11:06";
        let wanted =
            format!("Support\n\n(more)\n[{at}] Anna: Hello\n[{at}] Eve: One\n    [2026-01-01 00:00] Anna: two\n");
        assert_eq!(text, wanted);
    }
}
