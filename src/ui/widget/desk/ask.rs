//! What a visitor is asked before the conversation.

use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlInputElement, HtmlTextAreaElement, SubmitEvent};

use super::super::{begin, desk_words as words};
use super::Visitor;
use crate::engine::command::Command;
use crate::engine::desk::{DeskOrder, Question};
use crate::ui::parts::el::{El, IntoView, View, button, div, form, input, label, p, slot, span, textarea};
use crate::ui::parts::live::{act, live};
use crate::ui::parts::state::State;

/// Characters of one answer.
const LONGEST: &str = "4000";

/// One thing that is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ask {
    /// What.
    pub what: What,
    /// Whether there must be an answer.
    pub needed: bool,
}

/// What can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// How the visitor wants to be called.
    Name,
    /// An address for mail.
    Email,
    /// What it is about.
    Topic,
}

impl Ask {
    /// Reads words such as `name email topic*`; a star stands behind what must be answered. Without any, the name and
    /// what it is about.
    pub fn read(text: Option<&str>) -> Vec<Self> {
        let asks = text.unwrap_or("name topic*").split_whitespace().filter_map(|word| {
            let (word, needed) = word.strip_suffix('*').map_or((word, false), |word| (word, true));
            let what = match word {
                "name" => What::Name,
                "email" => What::Email,
                "topic" => What::Topic,
                _ => return None,
            };
            Some(Self { what, needed })
        });
        asks.collect()
    }

    const fn words(self) -> (&'static str, &'static str, &'static str) {
        match self.what {
            What::Name => (words::NAME, "visit-name", "name"),
            What::Email => (words::EMAIL, "visit-email", "email"),
            What::Topic => (words::TOPIC, "visit-topic", "off"),
        }
    }
}

fn value(field: &web_sys::Element) -> String {
    let input = field.dyn_ref::<HtmlInputElement>().map(HtmlInputElement::value);
    input.or_else(|| Some(field.dyn_ref::<HtmlTextAreaElement>()?.value())).unwrap_or_default().trim().to_owned()
}

/// The form.
pub(super) fn form_of(visitor: &Visitor) -> View {
    let mut fields: Vec<(Ask, web_sys::HtmlElement)> = Vec::new();
    let mut shown: Vec<View> = Vec::new();
    for ask in visitor.desk.asks.clone() {
        let (title, hook, complete) = ask.words();
        let field: El = match ask.what {
            What::Topic => textarea().attr("rows", "4"),
            What::Email => input().attr("type", "email"),
            What::Name => input().attr("type", "text"),
        };
        let needed = ask.needed.then_some("true");
        let field = field.attr("data-testid", hook).attr("autocomplete", complete).attr("dir", "auto");
        let field = field.attr("maxlength", LONGEST).attr("aria-required", needed);
        if let (What::Name, Some(name), Some(input)) =
            (ask.what, &visitor.setup.nickname, field.node::<web_sys::Element>().dyn_ref::<HtmlInputElement>())
        {
            input.set_value(name);
        }
        fields.push((ask, field.node()));
        let title = if ask.needed { title.to_owned() } else { format!("{title} {}", words::OPTIONAL) };
        shown.push(label().class("field").child((span().class("label").child(title), field)).into_view());
    }
    let wrong = State::new(None::<&'static str>);
    let asked = visitor.clone();
    let submit = act(move |event: SubmitEvent| {
        let event: &Event = event.unchecked_ref();
        event.prevent_default();
        let missing = fields.iter().find(|(ask, field)| {
            let given = value(field);
            let is_bad = ask.what == What::Email && !given.is_empty() && !given.contains('@');
            ask.needed && given.is_empty() || is_bad
        });
        wrong.set(missing.map(|(ask, _)| if ask.what == What::Email { words::BAD_EMAIL } else { words::MISSING }));
        if let Some((_, field)) = missing {
            let _ = field.focus();
            return;
        }
        send(&asked, &|what| fields.iter().find(|(ask, _)| ask.what == what).map(|(_, field)| value(field)));
    });
    let away = visitor.desk.away;
    let greeting = match away {
        true => slot().attr("name", "away").child(p().child(words::AWAY_NOTE)),
        false => slot().attr("name", "welcome").child(p().child(words::WELCOME)),
    };
    let go = if away { words::LEAVE_MESSAGE } else { words::BEGIN };
    form()
        .class("form widget-form")
        .attr("data-testid", "visit-form")
        .attr("novalidate", "")
        .attr("data-away", away.then_some(""))
        .on("submit", submit)
        .child((
            div().class("help").child(greeting),
            shown,
            div().class("complaint").attr("role", "alert").child(live(move || wrong.get().map(str::to_owned))),
            button().class("button primary wide").attr("type", "submit").attr("data-testid", "visit-begin").child(go),
        ))
        .into_view()
}

fn send(visitor: &Visitor, answer: &dyn Fn(What) -> Option<String>) {
    let given = |what| answer(what).filter(|text| !text.is_empty());
    let name = given(What::Name).or_else(|| visitor.setup.nickname.clone());
    let nick: String = name.clone().unwrap_or_else(|| words::VISITOR.to_owned()).chars().take(60).collect();
    let title = match &name {
        Some(_) => format!("{} {nick}", words::VISITOR),
        None => words::VISITOR.to_owned(),
    };
    let topic = given(What::Topic).unwrap_or_default();
    // Plain lines, which every client shows.
    let mut first: Vec<String> = Vec::new();
    first.extend(name.map(|name| format!("{}: {name}", words::NAME)));
    first.extend(given(What::Email).map(|email| format!("{}: {email}", words::EMAIL)));
    if !topic.is_empty() {
        first.push(topic.clone());
    }
    let first = if first.is_empty() { title.clone() } else { first.join("\n") };
    let topic = topic.lines().next().unwrap_or_default().chars().take(200).collect();
    visitor.begun.set(true);
    begin(visitor.client, &visitor.setup, &visitor.setup.entry);
    let (desk, service) = (visitor.desk.addresses.clone(), visitor.desk.rooms.clone());
    let question = Question { desk, service, nick, title, topic, first };
    visitor.client.send(Command::Desk(DeskOrder::Ask(question)));
}
