//! XEP-0077 §3.1 and XEP-0445: making an account, on a stream that nobody is signed in to yet, and signing in with it.
//!
//! Somebody fills in a form meanwhile, and servers do not wait long for those who have not signed in. A stream that
//! ends under the form is opened again when the answers are there, and the answers are given only to the very form
//! that was filled in.

use super::sasl::Credentials;
use super::{Login, Out, STEP, Session, State};
use crate::clock::Instant;
use crate::condition::Condition;
use crate::domain::account::Connection;
use crate::domain::errand::{Errand, Fault, Inquiry};
use crate::domain::problem::{Problem, Reason, Refusal};
use crate::form::{Answer, Field, FieldKind, Form, is_web_address};
use crate::jid::BareJid;
use crate::wire::framing::Features;
use crate::wire::stanza::{Iq, IqKind, Stanza};
use crate::wire::stanza_error::StanzaError;
use crate::wire::xml::Element;
use crate::wire::{form, ns};

/// The fields of servers without a form (§14.1).
const PLAIN: [&str; 17] = [
    "username", "nick", "password", "name", "first", "last", "email", "address", "city", "state", "zip", "phone",
    "url", "date", "misc", "text", "key",
];

/// An account that is being made.
#[derive(Debug)]
pub(super) struct SignUp {
    /// What an invitation gave.
    token: Option<String>,
    stage: Stage,
    /// What the server offers on the current stream.
    features: Features,
    /// What was shown last, and whether it came as a form.
    inquiry: Option<(Inquiry, bool)>,
    /// Tells about the next form.
    fault: Option<Fault>,
    /// What was answered, until the server has it.
    filled: Option<Filled>,
}

/// Where it stands.
#[derive(Debug, PartialEq, Eq)]
enum Stage {
    /// There is no stream yet.
    Connecting,
    /// The token was shown.
    Presenting(String),
    /// The form was asked for.
    Asking(String),
    /// Somebody fills in the form.
    Shown,
    /// The same, and the stream is gone.
    Away,
    /// The answers are out.
    Making(String, BareJid),
}

/// What somebody answered.
#[derive(Clone, Debug)]
pub struct Filled {
    /// The part before the `@`, prepared.
    pub username: String,
    /// The password, prepared.
    pub credentials: Credentials,
    /// Everything else.
    pub answers: Vec<Answer>,
}

impl Session {
    /// Asks a server what it wants to know before it makes an account. The account of `login` is its domain.
    pub fn register(&mut self, now: Instant, login: Login, token: Option<String>) {
        self.sign_up = Some(SignUp {
            token,
            stage: Stage::Connecting,
            features: Features::default(),
            inquiry: None,
            fault: None,
            filled: None,
        });
        self.begin(now, login);
    }

    /// Somebody filled in the form.
    pub fn fill_in(&mut self, now: Instant, filled: Filled) {
        let Some(sign_up) = &mut self.sign_up else { return };
        match sign_up.stage {
            Stage::Shown => {
                sign_up.filled = Some(filled);
                self.make(now);
            }
            Stage::Away => {
                sign_up.filled = Some(filled);
                sign_up.stage = Stage::Connecting;
                self.show_busy(true, None);
                self.connect(now);
            }
            _ => {}
        }
    }

    /// Whether an account is being made, or signed in to for the first time.
    pub const fn is_signing_up(&self) -> bool {
        self.sign_up.is_some() || self.just_made
    }

    /// The server says what it offers.
    pub(super) fn begin_registration(&mut self, now: Instant, features: Features) {
        let Some(sign_up) = &mut self.sign_up else { return };
        let takes_tokens = features.register_by_token;
        sign_up.features = features;
        self.state = State::Registering;
        match sign_up.token.clone() {
            Some(token) if takes_tokens => {
                let preauth = Element::new(ns::PRE_AUTH, "preauth").with("token", token);
                self.ask_server(now, IqKind::Set(preauth), &Stage::Presenting);
            }
            Some(_) => {
                sign_up.fault = Some(Fault::InvitationRefused);
                self.ask_for_form(now);
            }
            None => self.ask_for_form(now),
        }
    }

    fn ask_for_form(&mut self, now: Instant) {
        self.ask_server(now, IqKind::Get(Element::new(ns::REGISTER, "query")), &Stage::Asking);
    }

    fn ask_server(&mut self, now: Instant, kind: IqKind, stage: &dyn Fn(String) -> Stage) {
        let Some(login) = &self.login else { return };
        let to = Some(login.account.domain_jid().into());
        let id = self.entropy.id();
        self.send_frame(&Iq { from: None, to, id: id.clone(), kind }.to_element());
        self.deadline = Some(now.after(STEP));
        if let Some(sign_up) = &mut self.sign_up {
            sign_up.stage = stage(id);
        }
    }

    /// An answer, if it is one to what was asked, from whom it was asked.
    pub(super) fn registration_stanza(&mut self, now: Instant, element: Element) {
        let (Some(sign_up), Some(login)) = (&mut self.sign_up, &self.login) else { return };
        let Ok(Stanza::Iq(iq)) = Stanza::parse(element) else { return };
        let domain = login.account.domain_jid();
        if iq.from.as_ref().is_some_and(|from| from.as_bare() != Some(&domain)) {
            return;
        }
        let answer = match iq.kind {
            IqKind::Result(payload) => Ok(payload),
            IqKind::Error(error) => Err(error),
            IqKind::Get(_) | IqKind::Set(_) => return,
        };
        match &sign_up.stage {
            Stage::Presenting(id) if *id == iq.id => {
                if answer.is_err() {
                    sign_up.fault = Some(Fault::InvitationRefused);
                }
                self.ask_for_form(now);
            }
            Stage::Asking(id) if *id == iq.id => self.asked(now, domain, answer),
            Stage::Making(id, account) if *id == iq.id => {
                let account = account.clone();
                match answer {
                    Ok(_) => self.made(now, account),
                    Err(error) => self.refused(now, error),
                }
            }
            _ => {}
        }
    }

    fn asked(&mut self, now: Instant, domain: BareJid, answer: Result<Option<Element>, StanzaError>) {
        let query = match answer {
            Ok(Some(query)) if query.is(ns::REGISTER, "query") => query,
            Ok(_) => return self.no_account(Fault::NotOffered),
            Err(error) => return self.no_account(not_offered(error)),
        };
        let Some(sign_up) = &mut self.sign_up else { return };
        let elsewhere = query
            .child(ns::OOB, "x")
            .and_then(|x| x.child(ns::OOB, "url"))
            .map(|url| url.text().trim().to_owned())
            .filter(|url| is_web_address(url));
        let sent = query.child(ns::DATA, "x").and_then(|x| form::read(x, &query));
        let is_form = sent.is_some();
        let mut form = sent.unwrap_or_else(|| plain(&query));
        if form.field("username").is_none() || form.field("password").is_none() {
            // Whatever this makes, nobody could sign in to it from here.
            form.fields.clear();
            if elsewhere.is_none() {
                return self.no_account(Fault::NotOffered);
            }
        }
        // ejabberd writes the address of its page into two fields as well, where nobody could follow it.
        for field in form.fields.iter_mut().filter(|field| field.name.starts_with("captcha-fallback")) {
            field.kind = FieldKind::Hidden;
        }
        let is_known = sign_up.inquiry.as_ref().is_some_and(|(known, _)| known.form == form);
        let fault = match sign_up.fault.take() {
            None if sign_up.filled.is_some() && !is_known => Some(Fault::AskedAgain),
            fault => fault,
        };
        let inquiry = Inquiry { domain, form, elsewhere, fault, busy: false };
        sign_up.inquiry = Some((inquiry.clone(), is_form));
        if is_known && sign_up.filled.is_some() {
            return self.make(now);
        }
        sign_up.filled = None;
        sign_up.stage = Stage::Shown;
        self.deadline = None;
        self.out.push_back(Out::Errand(Errand::Inquiry(Box::new(inquiry))));
    }

    /// Gives the answers.
    fn make(&mut self, now: Instant) {
        let Some(sign_up) = &mut self.sign_up else { return };
        let (Some((inquiry, is_form)), Some(filled)) = (&sign_up.inquiry, &sign_up.filled) else { return };
        let account = format!("{}@{}", filled.username, inquiry.domain).parse::<BareJid>();
        let Some(account) = account.ok().filter(|_| !inquiry.form.fields.is_empty()) else {
            sign_up.filled = None;
            let refusal = Refusal { condition: Condition::JidMalformed, text: None };
            return self.show_busy(false, Some(Fault::Refused(refusal)));
        };
        let mut answers = filled.answers.clone();
        answers.retain(|answer| answer.name != "username" && answer.name != "password");
        let mut answer = |name: &str, value: &str| {
            answers.push(Answer { name: name.to_owned(), values: vec![value.to_owned()] });
        };
        answer("username", &filled.username);
        if let Credentials::Password(password, _) = &filled.credentials {
            answer("password", password);
        }
        let mut query = Element::new(ns::REGISTER, "query");
        if *is_form {
            query.push(form::submit(&inquiry.form, &answers));
        } else {
            for field in &inquiry.form.fields {
                let Some(name) = PLAIN.into_iter().find(|name| *name == field.name) else { continue };
                let answer = answers.iter().find(|answer| answer.name == name);
                let value = answer.map_or(&field.values, |answer| &answer.values).first();
                query.push(Element::new(ns::REGISTER, name).text_with(value.map_or("", String::as_str)));
            }
        }
        self.show_busy(true, None);
        self.ask_server(now, IqKind::Set(query), &|id| Stage::Making(id, account.clone()));
    }

    /// The account is there: the same stream goes on with signing in, if the server lets it.
    fn made(&mut self, now: Instant, account: BareJid) {
        let Some(SignUp { features, filled: Some(filled), .. }) = self.sign_up.take() else { return };
        if let Some(login) = &mut self.login {
            login.account = account.clone();
            login.credentials = filled.credentials;
        }
        self.just_made = true;
        self.out.push_back(Out::Errand(Errand::Created(account)));
        self.begin_sasl(now, &features);
    }

    /// The server does not make this account.
    fn refused(&mut self, now: Instant, error: StanzaError) {
        let Some(sign_up) = &mut self.sign_up else { return };
        let fault = Fault::Refused(Refusal { condition: error.condition, text: error.text });
        sign_up.filled = None;
        sign_up.stage = Stage::Shown;
        self.deadline = None;
        let is_used_up = sign_up.inquiry.as_ref().is_some_and(|(inquiry, _)| inquiry.form.is_used_up());
        if is_used_up {
            sign_up.fault = Some(fault);
            self.ask_for_form(now);
        } else {
            self.show_busy(false, Some(fault));
        }
    }

    /// The same form again, with what is different now.
    fn show_busy(&mut self, busy: bool, fault: Option<Fault>) {
        let Some((inquiry, _)) = self.sign_up.as_mut().and_then(|sign_up| sign_up.inquiry.as_mut()) else { return };
        inquiry.busy = busy;
        inquiry.fault = fault;
        self.out.push_back(Out::Errand(Errand::Inquiry(Box::new(inquiry.clone()))));
    }

    /// It ends without an account.
    fn no_account(&mut self, fault: Fault) {
        self.sign_up = None;
        self.login = None;
        self.state = State::Off;
        self.deadline = None;
        self.out.push_back(Out::Disconnect);
        self.out.push_back(Out::Connection(Connection::Offline));
        self.out.push_back(Out::Errand(Errand::NoAccount(fault)));
    }

    /// The stream ended before there was an account.
    pub(super) fn sign_up_broke(&mut self, problem: Problem) {
        let Some(sign_up) = &mut self.sign_up else { return };
        let fault = match (&sign_up.stage, problem.reason) {
            // Nobody waits for it: it is opened again when the form is filled in.
            (Stage::Shown | Stage::Away, _) => None,
            (Stage::Making(..), _) => Some(Fault::Uncertain),
            // Some servers end the stream of whoever asks for what they do not do.
            (
                Stage::Asking(_) | Stage::Presenting(_),
                Reason::NotXmpp | Reason::AuthRefused | Reason::PolicyViolation | Reason::BadClient,
            ) => Some(Fault::NotOffered),
            _ => Some(Fault::Connection(problem)),
        };
        self.state = State::Off;
        self.deadline = None;
        match fault {
            Some(fault) if sign_up.inquiry.is_none() => return self.no_account(fault),
            Some(fault) => {
                sign_up.stage = Stage::Away;
                sign_up.filled = None;
                self.show_busy(false, Some(fault));
            }
            None => sign_up.stage = Stage::Away,
        }
        self.out.push_back(Out::Disconnect);
        self.out.push_back(Out::Connection(Connection::Offline));
    }
}

/// Why a server does not even say what it wants to know.
fn not_offered(error: StanzaError) -> Fault {
    match error.condition {
        Condition::ServiceUnavailable | Condition::FeatureNotImplemented | Condition::ItemNotFound => Fault::NotOffered,
        condition => Fault::Refused(Refusal { condition, text: error.text }),
    }
}

/// The fields of a server that sends no form (§3.1.1): all of them must be filled in.
fn plain(query: &Element) -> Form {
    let mut form = Form::default();
    for child in query.children().filter(|child| child.namespace() == ns::REGISTER) {
        let text = child.text().trim().to_owned();
        if child.name() == "instructions" && !text.is_empty() {
            form.instructions.push(text);
        } else if PLAIN.contains(&child.name()) && form.field(child.name()).is_none() {
            let kind = match child.name() {
                "password" => FieldKind::Secret,
                "key" => FieldKind::Hidden,
                _ => FieldKind::Text,
            };
            let values = Some(text).filter(|text| !text.is_empty()).into_iter().collect();
            form.fields.push(Field {
                name: child.name().to_owned(),
                kind,
                required: kind != FieldKind::Hidden,
                values,
                ..Field::default()
            });
        }
    }
    form
}
