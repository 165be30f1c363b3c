//! Signing in. The form stands in `index.html` and is painted before this program arrives; this takes it over as it
//! is, with whatever was typed by then.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, HtmlInputElement};

use super::client::Client;
use super::config::PageConfig;
use super::parts::browser::{by_hook, document, listen};
use super::parts::live::watch;
use super::{account_words, sign_up, words};
use crate::domain::account::Connection;
use crate::domain::errand::Errand;
use crate::engine::command::{Command, Password};
use crate::jid::BareJid;
use crate::present::wording;

/// The parts of the form that is already there.
pub(super) struct Form {
    pub(super) screen: HtmlElement,
    pub(super) form: HtmlElement,
    pub(super) address: HtmlInputElement,
    pub(super) password: HtmlInputElement,
    pub(super) remember: HtmlInputElement,
    pub(super) service: HtmlInputElement,
    submit: HtmlElement,
    guest: Option<HtmlElement>,
    eye: Option<HtmlElement>,
    problem: HtmlElement,
}

impl Form {
    fn find(page: &Element) -> Option<Self> {
        let screen = by_hook(page, "login")?;
        let form = by_hook(&screen, "login-form")?;
        Some(Self {
            address: field(&form, "address")?,
            password: field(&form, "password")?,
            remember: field(&form, "remember")?,
            service: field(&form, "service")?,
            submit: by_hook(&form, "login-submit")?,
            guest: by_hook(&form, "login-guest"),
            eye: by_hook(&form, "show-password"),
            problem: by_hook(&form, "login-error")?,
            form,
            screen,
        })
    }

    fn complain(&self, text: &str) {
        if self.problem.text_content().as_deref() != Some(text) {
            self.problem.set_text_content(Some(text));
        }
    }
}

fn field(form: &Element, name: &str) -> Option<HtmlInputElement> {
    form.query_selector(&format!("input[name={name}]")).ok()??.dyn_into().ok()
}

/// Takes over the form until the current owner goes.
pub(crate) fn take_over(page: &Element, client: Client, config: &PageConfig) {
    let Some(form) = Form::find(page).map(Rc::new) else { return };
    if let Some(brand) = &config.brand {
        if let Some(title) = by_hook(&form.screen, "login-brand") {
            title.set_text_content(Some(brand));
        }
        document().set_title(brand);
    }
    offer_guest(client, config, &form);
    follow_eye(&form);

    let submitted = form.clone();
    let domain = config.domain.clone();
    let service = config.service.clone();
    let sign_in = Rc::new(move || sign_in(client, &submitted, domain.as_deref(), service.as_deref()));
    let submit = sign_in.clone();
    listen(&form.form, "submit", move |event: Event| {
        event.prevent_default();
        submit();
    });
    follow_connection(client, form.clone());
    sign_up::offer(client, config, &form);
    let _ = form.screen.set_attribute("data-ready", "true");
    // Enter was pressed while the button could not be used yet.
    if form.form.has_attribute("data-early") {
        let _ = form.form.remove_attribute("data-early");
        if !form.address.value().is_empty() && !form.password.value().is_empty() {
            sign_in();
        }
    }
}

fn sign_in(client: Client, form: &Form, domain: Option<&str>, configured: Option<&str>) {
    let typed = form.address.value();
    let typed = typed.trim();
    if typed.is_empty() {
        form.complain(words::ADDRESS_MISSING);
        let _ = form.address.focus();
        return;
    }
    let whole = match domain {
        Some(domain) if !typed.contains('@') => format!("{typed}@{domain}"),
        _ => typed.to_owned(),
    };
    let address = match client.read_address(&whole) {
        Ok(address) if address.local().is_some() => address,
        _ => {
            form.complain(words::ADDRESS_WRONG);
            let _ = form.address.focus();
            return;
        }
    };
    let password = form.password.value();
    if password.is_empty() {
        form.complain(words::PASSWORD_MISSING);
        let _ = form.password.focus();
        return;
    }
    let service = form.service.value();
    let service = Some(service.trim()).filter(|service| !service.is_empty());
    if service.is_some_and(|service| !service.starts_with("wss://") && !service.starts_with("ws://")) {
        form.complain(words::SERVICE_WRONG);
        let _ = form.service.focus();
        return;
    }
    form.complain("");
    client.send(Command::LogIn {
        address,
        password: Password(password),
        service: service.or(configured).map(str::to_owned),
        remember: form.remember.checked(),
    });
}

fn offer_guest(client: Client, config: &PageConfig, form: &Form) {
    let domain = config.guest_domain.as_deref().or(config.domain.as_deref());
    let domain = domain.and_then(|domain| domain.parse::<BareJid>().ok());
    let (Some(button), Some(domain)) = (&form.guest, domain.filter(|_| config.guest)) else { return };
    button.set_hidden(false);
    let service = config.service.clone();
    listen(button, "click", move |_| {
        client.send(Command::LogInAsGuest { domain: domain.clone(), service: service.clone() });
    });
}

fn follow_eye(form: &Rc<Form>) {
    let Some(eye) = form.eye.clone() else { return };
    let (form, button) = (form.clone(), eye.clone());
    listen(&eye, "click", move |_| {
        let hidden = form.password.type_() == "password";
        form.password.set_type(if hidden { "text" } else { "password" });
        let _ = button.set_attribute("aria-pressed", if hidden { "true" } else { "false" });
        let _ = button.set_attribute("aria-label", if hidden { words::HIDE_PASSWORD } else { words::SHOW_PASSWORD });
        let _ = form.password.focus();
    });
}

/// Shows the form while nobody is signed in, and in it how far signing in has come.
fn follow_connection(client: Client, form: Rc<Form>) {
    watch(move || {
        let signed_in = client.account().is_some();
        form.screen.set_hidden(signed_in);
        if signed_in {
            // Neither a look at the page's nodes nor the next user finds it.
            form.password.set_value("");
            form.complain("");
            return;
        }
        let connection = client.connection();
        let busy = matches!(connection, Connection::Connecting | Connection::Authenticating);
        let _ = match busy {
            true => form.form.set_attribute("aria-busy", "true"),
            false => form.form.remove_attribute("aria-busy"),
        };
        let _ = match busy {
            true => form.submit.set_attribute("disabled", ""),
            false => form.submit.remove_attribute("disabled"),
        };
        form.submit.set_text_content(Some(match &connection {
            Connection::Connecting => wording::connection(&Connection::Connecting),
            Connection::Authenticating => words::SIGNING_IN,
            _ => words::SIGN_IN,
        }));
        match &connection {
            Connection::Failed(problem) | Connection::Reconnecting { problem, .. } => {
                form.complain(&wording::problem(problem));
                if wording::needs_sign_in(problem.reason) {
                    let _ = form.password.focus();
                    form.password.select();
                }
            }
            _ if client.errand() == Errand::Removed => form.complain(account_words::REMOVED),
            _ if busy => form.complain(""),
            _ => {}
        }
    });
}
