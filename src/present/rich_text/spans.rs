//! XEP-0393 §4.2: the spans of one line.

use super::links::{Part, parts_within};
use super::{Limits, Span, Style};

/// A place in a line where a span may begin or end.
struct Mark {
    at: usize,
    style: Style,
    opens: bool,
    closes: bool,
}

struct Line<'a> {
    text: &'a str,
    marks: Vec<Mark>,
    /// Where the links are, in order.
    links: Vec<(usize, usize)>,
    /// Links before this one are in spans that are done.
    next_link: usize,
    /// For each style the number of the mark that closes it next, as far as it was sought; the number of all marks,
    /// if there is none. A line is gone through once for each style, however many marks it has.
    closing: [usize; 4],
}

/// The spans of a line, which holds no line break.
pub(super) fn spans<'a>(text: &'a str, limits: &mut Limits) -> Vec<Span<'a>> {
    let mut line = Line { text, marks: Vec::new(), links: Vec::new(), next_link: 0, closing: [0; 4] };
    line.find(limits);
    let mut spans = Vec::new();
    line.read(0, text.len(), 0, limits, &mut spans);
    spans
}

impl<'a> Line<'a> {
    /// Finds links and marks. What stands in a link is no mark.
    fn find(&mut self, limits: &mut Limits) {
        let mut at: usize = 0;
        for part in parts_within(self.text, &mut limits.links) {
            match part {
                Part::Link(link) => self.links.push((at, at.saturating_add(link.len()))),
                Part::Text(text) => self.find_marks(at, text),
            }
            let (Part::Link(text) | Part::Text(text)) = part;
            at = at.saturating_add(text.len());
        }
    }

    fn find_marks(&mut self, start: usize, text: &str) {
        for (place, byte) in text.bytes().enumerate() {
            let Some(style) = Style::of(byte) else { continue };
            let at = start.saturating_add(place);
            let after = self.text.get(at.saturating_add(1)..).and_then(|after| after.chars().next());
            let before = self.text.get(..at).and_then(|before| before.chars().next_back());
            // What would close at once encloses nothing. Whether it stands where a span may begin is seen later.
            let opens = after.is_some_and(|c| !c.is_whitespace() && c != char::from(byte));
            let closes = before.is_some_and(|c| !c.is_whitespace());
            if opens || closes {
                self.marks.push(Mark { at, style, opens, closes });
            }
        }
    }

    /// Reads the text from `start` to `end`, the first mark in which has the number `number`.
    fn read(&mut self, start: usize, end: usize, number: usize, limits: &mut Limits, spans: &mut Vec<Span<'a>>) {
        let mut told = start;
        let mut number = number;
        while let Some(&Mark { at, style, opens, .. }) = self.marks.get(number).filter(|mark| mark.at < end) {
            let next = number.saturating_add(1);
            // At the beginning, after white space, or directly after the mark of the span around this one.
            let may_open = opens && (at == start || self.follows_space(at));
            let closing = if may_open { self.closing_after(number, style) } else { None };
            let Some((last, close)) = closing.filter(|(_, close)| *close < end && limits.spans > 0) else {
                number = next;
                continue;
            };
            limits.spans = limits.spans.saturating_sub(1);
            self.plain(told, at, spans);
            let mut inner = Vec::new();
            let content = at.saturating_add(1);
            if style == Style::Code {
                inner.extend(self.text.get(content..close).map(Span::Text));
                self.skip_links(close);
            } else {
                self.read(content, close, next, limits, &mut inner);
            }
            spans.push(Span::Styled(style, inner));
            told = close.saturating_add(1);
            number = last.saturating_add(1);
        }
        self.plain(told, end, spans);
    }

    fn follows_space(&self, at: usize) -> bool {
        self.text.get(..at).and_then(|before| before.chars().next_back()).is_some_and(char::is_whitespace)
    }

    /// The first mark behind another one that closes a style: its number and its place.
    fn closing_after(&mut self, number: usize, style: Style) -> Option<(usize, usize)> {
        let known = self.closing.get_mut(usize::from(style.index()))?;
        if *known <= number {
            let behind = number.saturating_add(1);
            let found = self.marks.get(behind..)?.iter().position(|mark| mark.style == style && mark.closes);
            *known = found.map_or(self.marks.len(), |found| behind.saturating_add(found));
        }
        let mark = self.marks.get(*known)?;
        Some((*known, mark.at))
    }

    /// Text that has no style, with its links.
    fn plain(&mut self, start: usize, end: usize, spans: &mut Vec<Span<'a>>) {
        let mut told = start;
        while let Some(&(from, to)) = self.links.get(self.next_link).filter(|(from, _)| *from < end) {
            self.next_link = self.next_link.saturating_add(1);
            self.text(told, from, spans);
            spans.extend(self.text.get(from..to).map(Span::Link));
            told = to;
        }
        self.text(told, end, spans);
    }

    fn text(&self, start: usize, end: usize, spans: &mut Vec<Span<'a>>) {
        spans.extend(self.text.get(start..end).filter(|text| !text.is_empty()).map(Span::Text));
    }

    fn skip_links(&mut self, end: usize) {
        while self.links.get(self.next_link).is_some_and(|(from, _)| *from < end) {
            self.next_link = self.next_link.saturating_add(1);
        }
    }
}
