//! XEP-0004: data forms on the wire; XEP-0221: what must be seen or heard in order to answer.

use super::xml::Element;
use super::{bits, ns};
use crate::form::{Answer, Choice, Field, FieldKind, Form, Media, Picture, is_web_address};

/// Fields of one form at most.
const FIELDS: usize = 200;
/// Options or values of one field at most.
const ENTRIES: usize = 500;
/// Characters of a label, a hint or a paragraph that are kept.
const TEXT: usize = 2_000;

/// Reads an `<x/>`. `beside` is the element that it came in: the files that it names stand there, too.
pub fn read(x: &Element, beside: &Element) -> Option<Form> {
    if !x.is(ns::DATA, "x") {
        return None;
    }
    let texts = |name| x.children().filter(move |child| child.is(ns::DATA, name)).map(text);
    Some(Form {
        title: texts("title").next().filter(|title| !title.is_empty()),
        instructions: texts("instructions").filter(|text| !text.is_empty()).take(ENTRIES).collect(),
        fields: x
            .children()
            .filter(|child| child.is(ns::DATA, "field"))
            .take(FIELDS)
            .map(|element| field(element, beside))
            .collect(),
    })
}

fn text(element: &Element) -> String {
    element.text().trim().chars().take(TEXT).collect()
}

fn field(element: &Element, beside: &Element) -> Field {
    let kind = match element.attribute("type") {
        Some("boolean") => FieldKind::Boolean,
        Some("fixed") => FieldKind::Fixed,
        Some("hidden") => FieldKind::Hidden,
        Some("jid-multi") => FieldKind::Addresses,
        Some("jid-single") => FieldKind::Address,
        Some("list-multi") => FieldKind::Many,
        Some("list-single") => FieldKind::One,
        Some("text-multi") => FieldKind::Lines,
        Some("text-private") => FieldKind::Secret,
        _ => FieldKind::Text,
    };
    let name = element.attribute("var").unwrap_or_default().to_owned();
    // What has no name cannot be answered, so it can only say something (§3.3).
    let kind = if name.is_empty() && kind != FieldKind::Fixed { FieldKind::Hidden } else { kind };
    let clip = |text: &str| Some(text.trim().chars().take(TEXT).collect::<String>()).filter(|text| !text.is_empty());
    Field {
        kind,
        label: element.attribute("label").and_then(clip),
        hint: element.child(ns::DATA, "desc").map(text).filter(|hint| !hint.is_empty()),
        required: element.child(ns::DATA, "required").is_some(),
        values: values(element),
        options: element
            .children()
            .filter(|child| child.is(ns::DATA, "option"))
            .take(ENTRIES)
            .filter_map(|option| {
                let value = option.child(ns::DATA, "value")?.text();
                Some(Choice { value, label: option.attribute("label").and_then(clip) })
            })
            .collect(),
        media: element.child(ns::MEDIA, "media").and_then(|media| seen(media, beside)),
        name,
    }
}

fn values(field: &Element) -> Vec<String> {
    field.children().filter(|child| child.is(ns::DATA, "value")).take(ENTRIES).map(Element::text).collect()
}

/// A picture that came along wins over anything that would have to be fetched.
fn seen(media: &Element, beside: &Element) -> Option<Media> {
    let mut elsewhere = None;
    for uri in media.children().filter(|child| child.is(ns::MEDIA, "uri")).take(ENTRIES) {
        let text = uri.text();
        let address = text.trim();
        if let Some(cid) = address.strip_prefix("cid:") {
            let Some(bytes) = bits::find(beside, cid) else { continue };
            // What the server calls it counts for nothing.
            if let Some(kind) = Picture::of(&bytes) {
                return Some(Media::Picture { kind, bytes });
            }
        } else if elsewhere.is_none() && is_web_address(address) {
            let sound = uri.attribute("type").is_some_and(|kind| kind.starts_with("audio/"));
            elsewhere = Some(Media::Elsewhere { url: address.to_owned(), sound });
        }
    }
    elsewhere
}

/// The answer to a form. What was not answered goes back as it came; what only said something does not go back.
pub fn submit(form: &Form, answers: &[Answer]) -> Element {
    let mut x = Element::new(ns::DATA, "x").with("type", "submit");
    for field in form.fields.iter().filter(|field| field.kind != FieldKind::Fixed && !field.name.is_empty()) {
        let answer = answers.iter().find(|answer| answer.name == field.name && field.kind != FieldKind::Hidden);
        let values = answer.map_or(&field.values, |answer| &answer.values);
        let mut element = Element::new(ns::DATA, "field").with("var", field.name.as_str());
        for value in values {
            element.push(Element::new(ns::DATA, "value").text_with(value));
        }
        x.push(element);
    }
    x
}

/// The first value of a field in a form that is an answer.
pub fn value(x: &Element, name: &str) -> Option<String> {
    let first = all_values(x, name).into_iter().next();
    first.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

/// All values of a field in a form that is an answer.
pub fn all_values(x: &Element, name: &str) -> Vec<String> {
    let field = x.children().find(|child| child.is(ns::DATA, "field") && child.attribute("var") == Some(name));
    field.map(values).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::xml::{Limits, parse};

    fn form(fields: &str) -> Form {
        let frame = format!(
            "<query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='form'><title> T </title>\
             <instructions>One</instructions><instructions>Two</instructions>{fields}</x>\
             <data xmlns='urn:xmpp:bob' cid='sha1+1@bob.xmpp.org' type='text/html'>iVBORw0K\n GgoAAAA=</data>\
             <data xmlns='urn:xmpp:bob' cid='sha1+2@bob.xmpp.org' type='image/png'>PGh0bWw+</data></query>"
        );
        let query = parse(&frame, &Limits::STANZA).unwrap();
        read(query.child(ns::DATA, "x").unwrap(), &query).unwrap()
    }

    #[test]
    fn every_type_of_field_is_read() {
        let form = form(
            "<field type='hidden' var='FORM_TYPE'><value>f</value></field><field type='fixed'><value>Read</value></field>\
             <field type='boolean' var='b'><value>1</value></field><field type='text-private' var='s'/>\
             <field type='text-multi' var='l'><value>a</value><value>b</value></field><field var='t' label='L'><required/>\
             <desc>why</desc></field><field type='list-single' var='o'><option label='Red'><value>r</value></option>\
             <option><value>g</value></option><option/></field><field type='list-multi' var='m'/>\
             <field type='jid-single' var='j'/><field type='jid-multi' var='k'/><field type='new' var='n'/>\
             <field type='text-single'><value>nobody could answer</value></field>",
        );
        assert_eq!((form.title.as_deref(), form.instructions.len()), (Some("T"), 2));
        let kinds: Vec<FieldKind> = form.fields.iter().map(|field| field.kind).collect();
        use FieldKind::*;
        assert_eq!(kinds, [Hidden, Fixed, Boolean, Secret, Lines, Text, One, Many, Address, Addresses, Text, Hidden],);
        let text = form.field("t").unwrap();
        assert_eq!((text.required, text.hint.as_deref(), text.label.as_deref()), (true, Some("why"), Some("L")));
        let one = form.field("o").unwrap();
        assert_eq!(one.options.len(), 2, "an option without a value is none");
        assert_eq!(one.options[0].label.as_deref(), Some("Red"));
    }

    #[test]
    fn an_answer_goes_back_with_what_was_hidden_and_without_what_was_said() {
        let form = form(
            "<field type='hidden' var='challenge'><value>7</value></field><field type='fixed' var='x'><value>Read</value></field>\
             <field type='text-multi' var='l'/><field var='t'><value>before</value></field>",
        );
        let answer = |name: &str, values: &[&str]| Answer {
            name: name.into(),
            values: values.iter().map(|&value| value.into()).collect(),
        };
        let xml = submit(&form, &[answer("l", &["a", "<b>"]), answer("challenge", &["forged"]), answer("z", &["q"])]);
        assert_eq!(
            xml.to_xml(),
            "<x xmlns='jabber:x:data' type='submit'><field var='challenge'><value>7</value></field>\
             <field var='l'><value>a</value><value>&lt;b&gt;</value></field><field var='t'><value>before</value></field></x>"
        );
    }

    #[test]
    fn a_picture_is_taken_from_the_answer_alone_and_by_its_bytes() {
        let media = |uris: &str| {
            let form = form(&format!("<field var='ocr'><media xmlns='urn:xmpp:media-element'>{uris}</media></field>"));
            form.fields[0].media.clone()
        };
        let web = "<uri type='image/png'>https://a.example/1.png</uri>";
        let png = "<uri type='image/png'> cid:sha1+1@bob.xmpp.org </uri>";
        assert!(matches!(media(&format!("{web}{png}")), Some(Media::Picture { kind: Picture::Png, .. })));
        // Calls itself a picture and is none; names a file that did not come along.
        assert_eq!(media("<uri type='image/png'>cid:sha1+2@bob.xmpp.org</uri>"), None);
        assert_eq!(media("<uri type='image/png'>cid:sha1+3@bob.xmpp.org</uri>"), None);
        assert_eq!(media(web), Some(Media::Elsewhere { url: "https://a.example/1.png".into(), sound: false }));
        assert_eq!(media("<uri type='image/png'>javascript:alert(1)</uri>"), None);
        assert_eq!(
            media("<uri type='audio/ogg'>http://a.example/1.ogg</uri>"),
            Some(Media::Elsewhere { url: "http://a.example/1.ogg".into(), sound: true })
        );
    }
}
