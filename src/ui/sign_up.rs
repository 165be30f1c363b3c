//! Making an account: beside the sign-in form, on the same card. The server says what it wants to know, and nothing is
//! made before the button for it was pressed.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::reactive::graph::untrack;
use web_sys::{Element, Event, HtmlInputElement, SubmitEvent};

use super::account_words as words;
use super::client::Client;
use super::config::PageConfig;
use super::form::{Known, Sheet};
use super::invitation;
use super::login::Form as SignIn;
use super::parts::browser::{by_hook, listen, next_frame, typed_text};
use super::parts::el::{IntoView, View, button, div, form, h2, input, label, p, span};
use super::parts::live::{act, at_end, live, watch};
use super::parts::outside::outside;
use super::parts::state::State;
use crate::domain::errand::Errand;
use crate::domain::invitation::{Invitation, To};
use crate::engine::account::Order;
use crate::engine::command::{Command, Password};
use crate::form::{Field, FieldKind, Form};
use crate::jid::BareJid;
use crate::present::account;

/// What the card shows.
#[derive(Clone, Default, PartialEq)]
enum Step {
    /// Which server?
    #[default]
    Server,
    /// The server is asked.
    Asking,
    /// What it wants to know, and a page where it can be told instead.
    Form(BareJid, Form, Option<String>),
    /// The account is there and is being signed in to.
    Created(BareJid),
}

/// What the handlers of the card share.
#[derive(Clone)]
struct Card {
    client: Client,
    sign_in: Rc<SignIn>,
    domain: Option<BareJid>,
    service: Option<String>,
    open: State<bool>,
    step: State<Step>,
    /// The server as it was typed.
    typed: State<String>,
    /// What is wrong with it.
    problem: State<Option<&'static str>>,
    sheet: Rc<RefCell<Option<Sheet>>>,
}

/// Offers to make an account, until the current owner goes.
pub(super) fn offer(client: Client, config: &PageConfig, sign_in: &Rc<SignIn>) {
    let Some(parent) = sign_in.form.parent_node() else { return };
    let open = State::new(false);
    let offered = config.registration;
    let card = Card {
        client,
        sign_in: sign_in.clone(),
        domain: config.domain.as_deref().and_then(|domain| client.read_address(domain).ok()),
        service: config.service.clone(),
        open,
        step: State::following(move || step(client)),
        typed: State::new(String::new()),
        problem: State::new(None),
        sheet: Rc::default(),
    };
    let above = div().child(live(move || invitation::banner(client, offered, open)));
    let below = div().child(live(move || open.get().then(|| untrack(|| view(&card)))));
    let (above, below): (Element, Element) = (above.node(), below.node());
    let _ = parent.insert_before(&above, Some(&sign_in.form));
    let _ = parent.append_child(&below);
    at_end(move || {
        above.remove();
        below.remove();
    });
    let line = by_hook(&sign_in.screen, "new-account");
    if let Some(button) = by_hook(&sign_in.screen, "create-account") {
        let _ = button.remove_attribute("disabled");
        listen(&button, "click", move |_| open.set(true));
    }
    let sign_in = sign_in.clone();
    watch(move || {
        let is_open = open.get();
        sign_in.form.set_hidden(is_open);
        if let Some(line) = &line {
            line.set_hidden(is_open || !offered);
        }
    });
}

fn step(client: Client) -> Step {
    match client.errand() {
        Errand::Waiting => Step::Asking,
        // The card has a title already.
        Errand::Inquiry(inquiry) => Step::Form(inquiry.domain, Form { title: None, ..inquiry.form }, inquiry.elsewhere),
        Errand::Created(address) => Step::Created(address),
        _ => Step::Server,
    }
}

impl Card {
    /// Asks a server. Only the operator's own domain is asked at the operator's own address.
    fn ask(&self, domain: &BareJid, token: Option<String>) {
        let domain = domain.domain_jid();
        let typed = self.sign_in.service.value();
        let typed = Some(typed.trim().to_owned()).filter(|service| service.starts_with("ws"));
        let is_served = self.domain.as_ref().is_none_or(|own| own.domain() == domain.domain());
        let service = typed.or_else(|| self.service.clone().filter(|_| is_served));
        self.client.send(Command::Account(Order::Register { domain, service, token }));
    }

    /// Asks at once where there is nothing to choose.
    fn begin(&self) {
        let invitation = self.client.page().invitation.get_untracked().filter(Invitation::makes_account);
        match (invitation, &self.domain) {
            (Some(invitation), _) => self.ask(&invitation.address, invitation.token),
            (None, Some(domain)) => self.ask(domain, None),
            (None, None) => {}
        }
    }

    fn back(&self) {
        self.client.send(Command::Account(Order::Leave));
        self.client.page().agreed.set(false);
        self.open.set(false);
        let _ = self.sign_in.address.focus();
    }

    fn submit(&self) {
        match self.step.get_untracked() {
            Step::Server => self.choose(),
            Step::Form(domain, form, _) => self.make(&domain, &form),
            Step::Asking | Step::Created(_) => {}
        }
    }

    /// A server was typed, or an invitation pasted.
    fn choose(&self) {
        let (typed, page) = (self.typed.get_untracked(), self.client.page());
        self.problem.set(None);
        if let Some(invitation) = Invitation::parse(&typed, &|text| self.client.read_address(text).ok()) {
            let makes_account = invitation.makes_account();
            // The card says who invites, and who reads that goes on or back.
            page.agreed.set(makes_account);
            page.invitation.set(Some(invitation));
            if makes_account {
                self.begin()
            } else {
                self.typed.set(String::new())
            }
            return;
        }
        match self.client.read_address(&typed) {
            Ok(domain) => self.ask(&domain, None),
            Err(_) => self.problem.set(Some(words::SERVER_MISSING)),
        }
    }

    fn make(&self, domain: &BareJid, form: &Form) {
        let sheet = self.sheet.borrow();
        let Some(sheet) = sheet.as_ref().filter(|_| !form.fields.is_empty()) else { return };
        let account = |name: &str| {
            let whole = format!("{}@{domain}", name.trim());
            let address = self.client.read_address(&whole).ok()?;
            let is_name = !name.contains('@') && address.domain() == domain.domain();
            address.local().filter(|_| is_name).map(str::to_owned)
        };
        let is_address = |text: &String| self.client.read_address(text).is_ok();
        let judge = |field: &Field, values: &[String]| match field.kind {
            _ if field.name == "username" => {
                values.iter().any(|name| account(name).is_none()).then_some(words::USER_NAME_WRONG)
            }
            FieldKind::Address | FieldKind::Addresses => {
                (!values.iter().all(is_address)).then_some(super::words::ADDRESS_WRONG)
            }
            _ => None,
        };
        if !sheet.check(&judge) {
            return;
        }
        let Some(username) = account(&sheet.answer("username")) else { return };
        let password = sheet.answer("password");
        if password.is_empty() {
            return;
        }
        // Should signing in fail, everything for it stands in the other form.
        self.sign_in.address.set_value(&format!("{username}@{domain}"));
        self.sign_in.password.set_value(&password);
        self.client.send(Command::Account(Order::Make {
            username,
            password: Password(password),
            answers: sheet.answers(),
            remember: self.sign_in.remember.checked(),
        }));
    }
}

fn view(card: &Card) -> View {
    let client = card.client;
    card.begin();
    let submitted = card.clone();
    let back = card.clone();
    let content = {
        let card = card.clone();
        live(move || {
            let step = card.step.get();
            untrack(|| shown(&card, step))
        })
    };
    let (step, problem) = (card.step, card.problem);
    let wrong = live(move || {
        let said = match client.errand() {
            Errand::NoAccount(fault) => Some(account::fault(&fault)),
            Errand::Inquiry(inquiry) => inquiry.fault.as_ref().map(account::fault),
            _ => None,
        };
        problem.get().map(str::to_owned).or(said)
    });
    let busy = move || match client.errand() {
        Errand::Waiting | Errand::Created(_) => true,
        Errand::Inquiry(inquiry) => inquiry.busy,
        _ => false,
    };
    let deed = live(move || match step.get() {
        Step::Form(..) | Step::Created(_) if busy() => words::CREATING,
        Step::Form(..) | Step::Created(_) => words::CREATE,
        Step::Server => words::CONTINUE,
        Step::Asking => words::ASKING,
    });
    let submit = button()
        .class("button primary wide")
        .attr("type", "submit")
        .attr("data-testid", "signup-submit")
        .attr("disabled", live(move || busy().then_some("")))
        .attr(
            "hidden",
            live(move || matches!(step.get(), Step::Form(_, form, _) if form.fields.is_empty()).then_some("")),
        )
        .child(deed);
    watch_the_end(card);
    form()
        .class("login-form")
        .attr("data-testid", "signup-form")
        .attr("novalidate", "")
        .attr("aria-busy", live(move || busy().then_some("true")))
        .on(
            "submit",
            act(move |event: SubmitEvent| {
                event.prevent_default();
                submitted.submit();
            }),
        )
        .child((
            h2().child(words::NEW_ACCOUNT),
            content,
            div().class("complaint").attr("data-testid", "signup-error").attr("role", "alert").child(wrong),
            submit,
            button()
                .class("button quiet wide")
                .attr("type", "button")
                .attr("data-testid", "signup-back")
                .click(move || back.back())
                .child(words::BACK),
        ))
        .into_view()
}

/// The other form is there again once somebody is signed in, or signing in failed.
fn watch_the_end(card: &Card) {
    let (client, open, step) = (card.client, card.open, card.step);
    let mut was_created = false;
    watch(move || {
        let is_created = matches!(step.get(), Step::Created(_));
        let failed = was_created && !is_created;
        was_created = is_created;
        if failed || client.account().is_some() {
            // Not while this very card is being built or told.
            next_frame(move || open.set_if_new(false));
        }
    });
}

fn shown(card: &Card, step: Step) -> View {
    match step {
        Step::Server => server(card),
        Step::Asking => p().class("help").attr("role", "status").child(words::ASKING).into_view(),
        Step::Created(address) => {
            p().class("help").attr("role", "status").attr("dir", "auto").child(address.to_string()).into_view()
        }
        Step::Form(domain, form, elsewhere) => {
            let invitation = card.client.page().invitation.get_untracked();
            let reserved = invitation.filter(|one| one.to == To::Account && one.address.domain() == domain.domain());
            let name = reserved.and_then(|one| one.address.local().map(str::to_owned));
            let before = card.sheet.borrow().as_ref().map(Sheet::answers).unwrap_or_default();
            let (sheet, fields) = Sheet::new(&form, &before, &|field| known(field, &domain, name.as_deref()));
            card.sheet.replace(Some(sheet));
            let sheet = card.sheet.clone();
            next_frame(move || {
                if let Some(sheet) = &*sheet.borrow() {
                    sheet.focus();
                }
            });
            let way = elsewhere.and_then(|url| outside(&url, words::ELSEWHERE));
            (fields, way, (!form.fields.is_empty()).then(|| remember(card))).into_view()
        }
    }
}

/// The fields that every account has are worded here, not by the server.
fn known(field: &Field, domain: &BareJid, reserved: Option<&str>) -> Known {
    match field.name.as_str() {
        "username" => Known {
            label: Some(words::USER_NAME),
            hint: Some(format!("Your address is this name and @{domain}")),
            complete: Some("username"),
            given: reserved.map(str::to_owned),
        },
        "password" => Known { label: Some(words::PASSWORD), complete: Some("new-password"), ..Known::default() },
        "email" => Known { complete: Some("email"), ..Known::default() },
        _ => Known::default(),
    }
}

fn server(card: &Card) -> View {
    let typed = card.typed;
    let field = input()
        .attr("type", "text")
        .attr("data-testid", "signup-server")
        .attr("placeholder", "example.org")
        .attr("autocomplete", "off")
        .attr("autocapitalize", "none")
        .attr("spellcheck", "false")
        .prop("value", live(move || typed.get()))
        .on("input", act(move |event: Event| typed.set(typed_text(&event))));
    let node: HtmlInputElement = field.node();
    next_frame(move || drop(node.focus()));
    label()
        .class("field")
        .child((span().class("label").child(words::SERVER), field, span().class("help").child(words::SERVER_HINT)))
        .into_view()
}

fn remember(card: &Card) -> View {
    let kept = card.sign_in.remember.clone();
    let ticked = kept.checked();
    let field = input()
        .attr("type", "checkbox")
        .attr("data-testid", "signup-remember")
        .attr("checked", ticked.then_some(""))
        .on("change", act(move |event: Event| kept.set_checked(super::parts::browser::is_ticked(&event))));
    label().class("check").child((field, span().child(words::REMEMBER))).into_view()
}
