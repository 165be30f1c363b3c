//! Making an account, invitations, another password, and giving the account up.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use waxwing::domain::account::{Account, Connection};
use waxwing::domain::errand::{Errand, Fault, Inquiry};
use waxwing::domain::problem::{Condition, Problem, Reason, Refusal};
use waxwing::engine::account::Order;
use waxwing::engine::change::Change;
use waxwing::engine::command::Command;
use waxwing::form::{Answer, Choice, Field, FieldKind, Form, Media, Picture};
use waxwing::ui::client::Client;
use waxwing::ui::config::PageConfig;
use web_sys::{HtmlElement, HtmlFormElement, HtmlInputElement};

use crate::fixture::{Plain, jid};
use crate::page::{Page, until};

type Noted = Rc<RefCell<Vec<Order>>>;

/// A page that notes what is wished about the account.
fn noting(config: PageConfig) -> (Page, Noted) {
    let noted = Noted::default();
    let client = Client::new(Rc::new(Plain));
    let note = noted.clone();
    client.connect_engine(Rc::new(move |command| {
        if let Command::Account(order) = command {
            note.borrow_mut().push(order);
        }
    }));
    (Page::configured(client, config, |_| ()), noted)
}

fn of(domain: &str) -> PageConfig {
    PageConfig { domain: Some(domain.into()), service: Some("wss://a.example/ws".into()), ..PageConfig::default() }
}

fn submit(page: &Page, hook: &str) {
    page.get(hook).unchecked_into::<HtmlFormElement>().request_submit().unwrap();
}

fn input(page: &Page, selector: &str) -> HtmlInputElement {
    page.root.query_selector(selector).unwrap().unwrap_or_else(|| panic!("no {selector}")).unchecked_into()
}

fn type_into(page: &Page, selector: &str, text: &str) {
    let field = input(page, selector);
    field.set_value(text);
    field.dispatch_event(&web_sys::Event::new("input").unwrap()).unwrap();
}

fn var(name: &str) -> String {
    format!("[data-testid=form-field][data-var={name}]")
}

fn field(name: &str, kind: FieldKind, label: &str) -> Field {
    Field { name: name.into(), kind, label: Some(label.into()), ..Field::default() }
}

fn plain() -> Form {
    let need = |name: &str, kind| Field { required: true, ..field(name, kind, name) };
    Form { fields: vec![need("username", FieldKind::Text), need("password", FieldKind::Secret)], ..Form::default() }
}

fn inquire(page: &Page, form: Form, fault: Option<Fault>, busy: bool) {
    let inquiry = Inquiry { domain: jid("a.example"), form, elsewhere: None, fault, busy };
    page.client.apply(vec![Change::Errand(Errand::Inquiry(Box::new(inquiry)))]);
}

#[wasm_bindgen_test]
async fn an_account_is_made_from_the_sign_in_form() {
    let (page, noted) = noting(of("a.example"));
    page.get("create-account").click();
    page.see("signup-form").await;
    assert!(page.get("login-form").hidden());
    let service = Some("wss://a.example/ws".to_owned());
    assert_eq!(*noted.borrow(), [Order::Register { domain: jid("a.example"), service, token: None }]);
    page.client.apply(vec![Change::Errand(Errand::Waiting)]);
    until("busy", || page.get("signup-submit").has_attribute("disabled")).await;
    inquire(&page, plain(), None, false);
    page.see("form-field").await;
    // Whatever is missing is said where it is missing, and nothing is sent.
    submit(&page, "signup-form");
    let complaints: Vec<String> = page
        .all(".field-complaint")
        .iter()
        .filter_map(|one| one.text_content())
        .filter(|text| !text.is_empty())
        .collect();
    assert_eq!(complaints.len(), 2);
    assert_eq!(input(&page, &var("username")).get_attribute("aria-invalid").as_deref(), Some("true"));
    assert_eq!(noted.borrow().len(), 1);
    input(&page, &var("username")).set_value("Ro meo@b");
    input(&page, &var("password")).set_value("secret");
    submit(&page, "signup-form");
    assert_eq!(noted.borrow().len(), 1, "no name is made of this");
    input(&page, &var("username")).set_value("Romeo");
    input(&page, "[data-testid=signup-remember]").click();
    submit(&page, "signup-form");
    let Some(Order::Make { username, password, remember, .. }) = noted.borrow().last().cloned() else { panic!() };
    assert_eq!((username.as_str(), password.0.as_str(), remember), ("romeo", "secret", true));
    // The same form stays, with what was typed, while the server thinks and when it refuses.
    inquire(&page, plain(), None, true);
    until("busy", || page.get("signup-submit").has_attribute("disabled")).await;
    let refusal = Refusal { condition: Condition::Conflict, text: Some("exists".into()) };
    inquire(&page, plain(), Some(Fault::Refused(refusal)), false);
    until("said", || page.get("signup-error").text_content().unwrap().contains("taken")).await;
    assert!(!page.get("signup-submit").has_attribute("disabled"));
    assert_eq!(input(&page, &var("username")).value(), "Romeo");
    page.client.apply(vec![Change::Errand(Errand::Created(jid("romeo@a.example")))]);
    page.client.apply(vec![
        Change::Account(Some(Account { address: jid("romeo@a.example"), device: None, remembered: true })),
        Change::Connection(Connection::Online),
    ]);
    page.see("app").await;
    until("gone", || page.find("signup-form").is_none()).await;
    assert_eq!(input(&page, "input[name=password]").value(), "");
}

#[wasm_bindgen_test]
async fn signing_in_that_fails_after_that_leads_to_the_other_form() {
    let (page, _) = noting(of("a.example"));
    page.get("create-account").click();
    inquire(&page, plain(), None, false);
    page.see("form-field").await;
    input(&page, &var("username")).set_value("romeo");
    input(&page, &var("password")).set_value("secret");
    submit(&page, "signup-form");
    page.client.apply(vec![Change::Errand(Errand::Created(jid("romeo@a.example")))]);
    until("signing in", || page.find("form-field").is_none()).await;
    page.client.apply(vec![
        Change::Account(None),
        Change::Connection(Connection::Failed(Problem::new(Reason::TemporaryAuthFailure))),
    ]);
    until("the other form", || !page.get("login-form").hidden()).await;
    assert_eq!(input(&page, "input[name=address]").value(), "romeo@a.example");
    assert!(!page.get("login-error").text_content().unwrap().is_empty());
}

#[wasm_bindgen_test]
async fn without_a_domain_a_server_is_typed_and_an_operator_can_switch_it_off() {
    let (page, noted) = noting(PageConfig::default());
    page.get("create-account").click();
    page.see("signup-server").await;
    submit(&page, "signup-form");
    until("said", || page.get("signup-error").text_content().unwrap().contains("example.org")).await;
    type_into(&page, "[data-testid=signup-server]", "B.example");
    submit(&page, "signup-form");
    assert_eq!(*noted.borrow(), [Order::Register { domain: jid("b.example"), service: None, token: None }]);
    page.client.apply(vec![Change::Errand(Errand::NoAccount(Fault::NotOffered))]);
    until("said", || page.get("signup-error").text_content().unwrap().contains("does not make accounts")).await;
    // An invitation can be pasted in the same place.
    type_into(&page, "[data-testid=signup-server]", "https://x.example/i#xmpp:ann@c.example?roster;preauth=T;ibr=y");
    submit(&page, "signup-form");
    let last = noted.borrow().last().cloned();
    assert_eq!(last, Some(Order::Register { domain: jid("c.example"), service: None, token: Some("T".into()) }));
    page.get("signup-back").click();
    until("back", || !page.get("login-form").hidden()).await;
    assert_eq!(noted.borrow().last(), Some(&Order::Leave));

    let (page, _) = noting(PageConfig { registration: false, ..of("a.example") });
    assert!(page.get("new-account").hidden());
}

#[wasm_bindgen_test]
async fn every_field_can_be_filled_in_and_says_what_it_is() {
    let (page, noted) = noting(of("a.example"));
    page.get("create-account").click();
    let choice = |value: &str, label: &str| Choice { value: value.into(), label: Some(label.into()) };
    let choices = vec![choice("r", "Red"), choice("g", "<b>Green</b>")];
    let mut form = plain();
    form.instructions = vec!["Read this".into(), "<img src=y>".into()];
    form.fields.extend([
        Field { values: vec!["Just so you know".into()], ..field("", FieldKind::Fixed, "Note") },
        field("news", FieldKind::Boolean, "Newsletter"),
        Field { options: choices.clone(), ..field("one", FieldKind::One, "One colour") },
        Field { options: choices, values: vec!["g".into()], ..field("many", FieldKind::Many, "Colours") },
        Field { hint: Some("A few words".into()), ..field("about", FieldKind::Lines, "About") },
        field("friend", FieldKind::Address, "A friend"),
        field("friends", FieldKind::Addresses, "Friends"),
        Field { values: vec!["7".into()], ..field("challenge", FieldKind::Hidden, "") },
    ]);
    inquire(&page, form, None, false);
    page.see("form-field").await;
    let text = page.get("signup-form").text_content().unwrap();
    for said in ["<img src=y>", "Read this", "Just so you know", "A few words", "<b>Green</b>"] {
        assert!(text.contains(said), "{said}");
    }
    assert!(page.all(".fields img, .fields b").is_empty(), "text, not markup");
    for control in page.all("[data-testid=form-field]") {
        assert!(control.closest("label").unwrap().is_some(), "{:?} has a name", control.get_attribute("data-var"));
    }
    input(&page, &var("username")).set_value("romeo");
    input(&page, &var("password")).set_value("secret");
    input(&page, &var("news")).click();
    input(&page, &var("one")).set_value("g");
    input(&page, &var("many")).click();
    input(&page, &var("about")).set_value("one\ntwo");
    input(&page, &var("friend")).set_value("not an address");
    input(&page, &var("friends")).set_value("ann@a.example\n\n bob@a.example ");
    let before = noted.borrow().len();
    submit(&page, "signup-form");
    assert_eq!(noted.borrow().len(), before);
    input(&page, &var("friend")).set_value("ann@a.example");
    submit(&page, "signup-form");
    let Some(Order::Make { answers, .. }) = noted.borrow().last().cloned() else { panic!() };
    let answer = |name: &str, values: &[&str]| Answer {
        name: name.into(),
        values: values.iter().map(|&value| value.into()).collect(),
    };
    for wanted in [
        answer("news", &["1"]),
        answer("one", &["g"]),
        answer("many", &["r", "g"]),
        answer("about", &["one", "two"]),
        answer("friend", &["ann@a.example"]),
        answer("friends", &["ann@a.example", "bob@a.example"]),
    ] {
        assert!(answers.contains(&wanted), "{wanted:?} in {answers:?}");
    }
    assert!(!answers.iter().any(|answer| answer.name == "challenge"));
}

#[wasm_bindgen_test]
async fn a_picture_is_shown_from_its_bytes_and_nothing_is_loaded_from_elsewhere() {
    let (page, _) = noting(of("a.example"));
    page.get("create-account").click();
    let bytes = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x01D\0;";
    let with = |name: &str, media| Field { media: Some(media), ..field(name, FieldKind::Text, name) };
    let mut form = plain();
    form.fields.extend([
        with("ocr", Media::Picture { kind: Picture::Gif, bytes: bytes.to_vec() }),
        with("web", Media::Elsewhere { url: "https://evil.example/track.png".into(), sound: false }),
        with("sound", Media::Elsewhere { url: "https://evil.example/track.ogg".into(), sound: true }),
        with("script", Media::Elsewhere { url: "javascript:alert(1)".into(), sound: false }),
    ]);
    inquire(&page, form, None, false);
    page.see("form-field").await;
    let pictures = page.all(".challenge");
    assert_eq!(pictures.len(), 1);
    assert!(pictures[0].get_attribute("src").unwrap().starts_with("blob:"));
    assert!(!pictures[0].get_attribute("alt").unwrap().is_empty());
    until("painted", || js_sys::Reflect::get(&pictures[0], &"naturalWidth".into()).is_ok_and(|width| width == 1)).await;
    let links = page.all(".fields a");
    let ways: Vec<_> = links.iter().map(|link| link.get_attribute("href").unwrap()).collect();
    assert_eq!(ways, ["https://evil.example/track.png", "https://evil.example/track.ogg"]);
    assert!(links.iter().all(|link| link.get_attribute("rel").unwrap().contains("noopener")));
    // A new picture comes with the same words around it; what was typed elsewhere stays.
    input(&page, &var("username")).set_value("romeo");
    input(&page, &var("ocr")).set_value("wrong");
    let mut again = plain();
    again.fields.push(with("ocr", Media::Picture { kind: Picture::Gif, bytes: bytes.to_vec() }));
    inquire(&page, again, Some(Fault::AskedAgain), false);
    until("anew", || page.all(".fields a").is_empty()).await;
    assert_eq!(input(&page, &var("username")).value(), "romeo");
    assert_eq!(input(&page, &var("ocr")).value(), "");
}

fn go(hash: &str) {
    web_sys::window().unwrap().location().set_hash(hash).unwrap();
}

#[wasm_bindgen_test]
async fn an_invitation_is_shown_and_nothing_is_done_before_somebody_agrees() {
    let (page, noted) = noting(of("a.example"));
    go("#xmpp:ann@c.example?roster;preauth=T;ibr=y;name=Ann");
    let banner = page.see("invitation").await;
    assert!(banner.text_content().unwrap().contains("ann@c.example invites you"));
    assert_eq!(web_sys::window().unwrap().location().hash().unwrap(), "#/", "the token does not stay in sight");
    assert!(noted.borrow().is_empty());
    page.get("invitation-create").click();
    page.see("signup-form").await;
    // Not at the operator's address: that is for the operator's domain.
    let asked = noted.borrow().last().cloned();
    assert_eq!(asked, Some(Order::Register { domain: jid("c.example"), service: None, token: Some("T".into()) }));
    page.client.apply(vec![Change::Errand(Errand::Created(jid("romeo@c.example")))]);
    page.client.apply(vec![
        Change::Account(Some(Account { address: jid("romeo@c.example"), device: None, remembered: false })),
        Change::Connection(Connection::Online),
    ]);
    until("open", || web_sys::window().unwrap().location().hash().unwrap().contains("ann%40c.example")).await;
    let token = Some("T".to_owned());
    let accepted = Order::Accept { address: jid("ann@c.example"), name: Some("Ann".into()), token };
    assert_eq!(noted.borrow().last(), Some(&accepted));
}

#[wasm_bindgen_test]
async fn whoever_signs_in_is_asked_before_anybody_is_added() {
    let (page, noted) = noting(PageConfig::default());
    go("#invite=xmpp%3Aann%40c.example%3Froster%3Bpreauth%3DT");
    page.see("invitation").await;
    assert!(page.find("invitation-create").is_none(), "the token makes no account");
    page.client.apply(vec![
        Change::Account(Some(Account { address: jid("romeo@a.example"), device: None, remembered: false })),
        Change::Connection(Connection::Online),
    ]);
    page.see("invitation-form").await;
    assert!(noted.borrow().is_empty());
    submit(&page, "invitation-form");
    let accepted = Order::Accept { address: jid("ann@c.example"), name: None, token: Some("T".into()) };
    assert_eq!(*noted.borrow(), [accepted]);
    until("closed", || page.find("invitation-form").is_none()).await;
    // The next one comes while somebody is signed in, and is declined.
    go("#xmpp:bob@c.example?roster;preauth=T2");
    page.see("invitation-form").await;
    page.root.query_selector("dialog .icon-button").unwrap().unwrap().unchecked_into::<HtmlElement>().click();
    until("closed", || page.find("invitation-form").is_none()).await;
    assert_eq!(noted.borrow().len(), 1);
}

#[wasm_bindgen_test]
async fn a_reserved_name_cannot_be_changed() {
    let (page, _) = noting(PageConfig::default());
    go("#xmpp:juliet@a.example?register;preauth=T");
    page.see("invitation-create").await.click();
    inquire(&page, plain(), None, false);
    page.see("form-field").await;
    let name = input(&page, &var("username"));
    assert_eq!((name.value().as_str(), name.read_only()), ("juliet", true));
}

#[wasm_bindgen_test]
async fn a_password_is_typed_twice_and_changed() {
    let page = Page::signed_in(Vec::new());
    page.see("status-menu").await.click();
    page.see("account").await.click();
    page.see("password-form").await;
    let changes = |page: &Page| {
        page.asked.borrow().iter().filter(|one| matches!(one, Command::Account(Order::ChangePassword(_)))).count()
    };
    submit(&page, "password-form");
    page.see("account-outcome").await;
    input(&page, "[data-testid=new-password]").set_value("one");
    input(&page, "[data-testid=new-password-again]").set_value("two");
    submit(&page, "password-form");
    until("said", || page.get("account-outcome").text_content().unwrap().contains("not the same")).await;
    assert_eq!(changes(&page), 0);
    input(&page, "[data-testid=new-password-again]").set_value("one");
    submit(&page, "password-form");
    assert_eq!(changes(&page), 1);
    page.client.apply(vec![Change::Errand(Errand::PasswordChanged)]);
    until("said", || {
        page.find("account-outcome").is_some_and(|one| one.text_content().unwrap().contains("was changed"))
    })
    .await;
    assert_eq!(input(&page, "[data-testid=new-password]").value(), "");
}

#[wasm_bindgen_test]
async fn an_account_is_given_up_by_typing_its_address() {
    let page = Page::signed_in(Vec::new());
    page.see("status-menu").await.click();
    page.see("account").await.click();
    page.see("remove-account").await.click();
    page.see("removal-form").await;
    let is_removal = |command: &Command| *command == Command::Account(Order::Remove);
    type_into(&page, "[data-testid=removal-address]", "you@bench.test");
    submit(&page, "removal-form");
    page.see("account-outcome").await;
    assert!(!page.was_asked(is_removal));
    type_into(&page, "[data-testid=removal-address]", "me@bench.test");
    submit(&page, "removal-form");
    assert!(page.was_asked(is_removal));
    page.client.apply(vec![
        Change::Account(None),
        Change::Connection(Connection::Offline),
        Change::Errand(Errand::Removed),
    ]);
    until("said", || page.get("login-error").text_content().unwrap().contains("deleted")).await;
    assert!(!page.get("login").hidden());
}

#[wasm_bindgen_test]
async fn somebody_is_invited_by_a_link_where_the_server_makes_such() {
    let page = Page::signed_in(Vec::new());
    page.see("add-contact").await.click();
    page.see("add-contact-address").await;
    assert!(page.was_asked(|command| *command == Command::Account(Order::LookForInvitations)));
    assert!(page.find("invite").is_none());
    page.client.apply(vec![Change::Errand(Errand::CanInvite)]);
    page.see("invite").await.click();
    assert!(page.was_asked(|command| *command == Command::Account(Order::Invite)));
    page.client.apply(vec![Change::Errand(Errand::Invitation("xmpp:me@bench.test?roster;preauth=T".into()))]);
    page.see("invite-link").await;
    let link = input(&page, "[data-testid=invite-link]").value();
    assert!(link.ends_with("#invite=xmpp%3Ame%40bench.test%3Froster%3Bpreauth%3DT"), "{link}");
}
