//! XEP-0428: which part of a text is only there for clients that do not know better.

use super::ns;
use super::xml::Element;

/// Says that the first `length` characters of the text stand in for `what`.
pub fn fallback(what: &str, length: usize) -> Element {
    let body = Element::new(ns::FALLBACK, "body").with("start", "0").with("end", length.to_string());
    Element::new(ns::FALLBACK, "fallback").with("for", what).child_with(body)
}

/// Says that the whole text stands in for `what`.
pub fn whole(what: &str) -> Element {
    Element::new(ns::FALLBACK, "fallback").with("for", what)
}

/// The text without the parts that stand in for `what`, which is understood here. Places are counted in code points,
/// and those outside of the text are none (XEP-0428 §4).
pub fn strip(payloads: &[Element], what: &str, text: &str) -> String {
    let mut cuts: Vec<(usize, usize)> = Vec::new();
    let marked = payloads.iter().filter(|one| one.is(ns::FALLBACK, "fallback") && one.attribute("for") == Some(what));
    for fallback in marked.take(4) {
        if fallback.children().next().is_none() {
            return String::new();
        }
        for body in fallback.children().filter(|child| child.is(ns::FALLBACK, "body")).take(4) {
            let place = |name: &str| body.attribute(name).map(str::parse::<usize>);
            match (place("start"), place("end")) {
                (None, None) => return String::new(),
                (Some(Ok(start)), Some(Ok(end))) if start < end => cuts.push((start, end)),
                _ => {}
            }
        }
    }
    let is_cut = |place: usize| cuts.iter().any(|(start, end)| (*start..*end).contains(&place));
    text.chars().enumerate().filter(|(place, _)| !is_cut(*place)).map(|(_, letter)| letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_code_points_and_those_outside_are_none() {
        let cut = |start: &str, end: &str| {
            let body = Element::new(ns::FALLBACK, "body").with("start", start).with("end", end);
            vec![Element::new(ns::FALLBACK, "fallback").with("for", "x").child_with(body)]
        };
        assert_eq!(strip(&cut("0", "3"), "x", "> 🦀ä"), "ä");
        assert_eq!(strip(&cut("0", "3"), "y", "> 🦀ä"), "> 🦀ä");
        assert_eq!(strip(&cut("2", "99999999999"), "x", "> 🦀ä"), "> ");
        for (start, end) in [("3", "1"), ("-1", "2"), ("a", "b"), ("0", "99999999999999999999999")] {
            assert_eq!(strip(&cut(start, end), "x", "text"), "text", "{start} {end}");
        }
        assert_eq!(strip(&[whole("x")], "x", "text"), "");
        assert_eq!(strip(&[fallback("x", 2)], "x", "text"), "xt");
    }
}
