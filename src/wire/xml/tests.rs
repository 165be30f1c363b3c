//! Reading and writing of elements.

use super::*;

fn read(frame: &str) -> Result<Element, FrameError> {
    parse(frame, &Limits::STANZA)
}

#[test]
fn matches_by_namespace_and_name_together() {
    let element =
        read("<message xmlns='jabber:client'><body>a</body><x:body xmlns:x='urn:x'>b</x:body></message>").unwrap();
    assert!(element.is(ns::CLIENT, "message"));
    assert_eq!(element.child(ns::CLIENT, "body").unwrap().text(), "a");
    assert_eq!(element.child("urn:x", "body").unwrap().text(), "b");
    assert!(element.child(ns::CLIENT, "message").is_none());
}

#[test]
fn a_declaration_ends_with_its_element() {
    let element = read("<a xmlns='urn:1'><b xmlns='urn:2' xmlns:p='urn:3'><p:c/></b><d/></a>").unwrap();
    assert!(element.child("urn:2", "b").unwrap().child("urn:3", "c").is_some());
    assert!(element.child("urn:1", "d").is_some());
    assert_eq!(read("<a xmlns='urn:1'><b xmlns:p='urn:3'/><p:d/></a>"), Err(FrameError::Malformed));
}

#[test]
fn the_stream_prefix_needs_no_declaration() {
    let element =
        read("<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>").unwrap();
    assert!(element.is(ns::STREAM, "error"));
    assert!(element.child(ns::STREAM_ERRORS, "host-unknown").is_some());
}

#[test]
fn text_survives_both_ways() {
    let text = "a<b>&\"'\t\r\n \u{1f426} ]]> é";
    let element = Element::new("urn:x", "a").with("q", text).text_with(text).child_with(Element::new("urn:y", "b"));
    let again = read(&element.to_xml()).unwrap();
    assert_eq!(again, element);
    assert_eq!(again.text(), text);
    assert_eq!(again.attribute("q"), Some(text));
}

#[test]
fn what_xml_cannot_carry_is_left_out_when_writing() {
    let element = Element::new("urn:x", "a").with("q", "\u{0}1").text_with("\u{ffff}2\u{b}");
    assert_eq!(element.to_xml(), "<a xmlns='urn:x' q='1'>2</a>");
}

#[test]
fn references_and_sections_are_text() {
    let element = read("<a xmlns='u'>1&amp;&#x32;<![CDATA[<3>]]></a>").unwrap();
    assert_eq!(element.text(), "1&2<3>");
    assert_eq!(element.nodes().len(), 1);
}

#[test]
fn what_xmpp_forbids_is_refused() {
    for frame in [
        "<?xml version='1.0'?><a/>",
        "<a><!-- c --></a>",
        "<a><?p i?></a>",
        "<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>",
        "<a>&e;</a>",
        "<a b='&e;'/>",
        "<a b='&#0;'/>",
    ] {
        assert_eq!(read(frame), Err(FrameError::Restricted), "{frame}");
    }
}

#[test]
fn what_is_not_one_well_formed_element_is_refused() {
    for frame in [
        "",
        " ",
        "text",
        "<a>",
        "</a>",
        "<a></b>",
        "<a/><b/>",
        "<a/>x",
        "x<a/>",
        "<a",
        "<a b=c/>",
        "<a b='1' b='2'/>",
        "<a b='1'c='2'/>",
        "<a :b='1' xmlns='u'/>",
        "<a xmlns='u' xmlns='u'/>",
        "<a xmlns:p='u' xmlns:p='u'/>",
        "<a xmlns::p='u'/>",
        "<a xmlns:1='u'/>",
        "<a xmlns:p:q='u'/>",
        "<a xmlns:p='http://www.w3.org/XML/1998/namespace'/>",
        "<a xmlns='http://www.w3.org/2000/xmlns/'/>",
        "<a>]]></a>",
        "<a/><![CDATA[ ]]>",
        "<a/>&#32;",
        "<a\u{d7}/>",
        "<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>",
        "<p:a/>",
        "<a p:b=''/>",
        "<a>&#1;</a>",
        "<a>\u{1}</a>",
        "<a>\u{ffff}</a>",
        "<1/>",
        "<a:b:c xmlns:a='u'/>",
        "<a b='<'/>",
        "<a xmlns:xml='u'/>",
        "<a xmlns:p=''/>",
        "<a>&#xD800;</a>",
    ] {
        assert_eq!(read(frame), Err(FrameError::Malformed), "{frame}");
    }
}

fn limit(frame: &str, limits: Limits) -> (Option<String>, Limit) {
    match parse(frame, &limits) {
        Err(FrameError::TooMuch { root, limit }) => (root.map(|root| root.to_xml()), limit),
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_limit_spares_the_root() {
    let root = Some("<a xmlns='u' id='1'/>".to_owned());
    let inside = |text: &str| format!("<a xmlns='u' id='1'>{text}</a>");
    let small = Limits { bytes: 400, depth: 4, attributes: 3, nodes: 9, name: 20 };
    assert_eq!(limit(&inside(&"x".repeat(400)), small), (root.clone(), Limit::Bytes));
    assert_eq!(limit(&inside("<b><b><b><b/></b></b></b>"), small), (root.clone(), Limit::Depth));
    assert_eq!(limit(&inside("<b c='' d='' e='' f=''/>"), small), (root.clone(), Limit::Attributes));
    assert_eq!(limit(&inside(&"<b/>".repeat(9)), small), (root.clone(), Limit::Nodes));
    assert_eq!(limit(&inside(&"<b/>x".repeat(5)), small), (root.clone(), Limit::Nodes));
    assert_eq!(limit(&inside("<bbbbbbbbbbbbbbbbbbbbb/>"), small), (root.clone(), Limit::Name));
    assert_eq!(limit(&inside("<b ccccccccccccccccccccc=''/>"), small), (root, Limit::Name));
    assert!(parse(&inside("<b><b><b/></b></b>"), &small).is_ok());
}

#[test]
fn declarations_are_counted_through_all_levels() {
    let small = Limits { attributes: 3, ..Limits::STANZA };
    let deep = "<a xmlns='u' id='1'><b xmlns='v'><c xmlns='w'><d xmlns:p='x'/></c></b></a>";
    assert_eq!(limit(deep, small), (Some("<a xmlns='u' id='1'/>".to_owned()), Limit::Attributes));
    assert!(parse("<a xmlns='u'><b xmlns='v'/><c xmlns='w'/><d xmlns='x'/><e xmlns='y'/></a>", &small).is_ok());
}

#[test]
fn ten_thousand_contacts_need_the_limits_made_for_them() {
    let item = "<item jid='somebody-with-a-name@some.example.org' name='Some Body' subscription='both'><group>Friends</group></item>";
    let frame =
        format!("<iq xmlns='jabber:client'><query xmlns='jabber:iq:roster'>{}</query></iq>", item.repeat(10_000));
    assert!(matches!(read(&frame), Err(FrameError::TooMuch { limit: Limit::Bytes, .. })));
    assert_eq!(parse(&frame, &Limits::CONTACT_LIST).unwrap().children().next().unwrap().children().count(), 10_000);
}
