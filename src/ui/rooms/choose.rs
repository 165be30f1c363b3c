//! Choosing people: contacts by name, anybody by address.

use web_sys::{Event, KeyboardEvent};

use crate::jid::BareJid;
use crate::present::text;
use crate::ui::client::Client;
use crate::ui::dialogs::new_chat::found;
use crate::ui::parts::avatar::avatar;
use crate::ui::parts::browser::typed_text;
use crate::ui::parts::el::{IntoView, View, button, div, input, label, span};
use crate::ui::parts::icon::{CLOSE, icon};
use crate::ui::parts::live::{act, live};
use crate::ui::parts::state::State;
use crate::ui::room_words as words;

/// People who are chosen, and what was typed and is not chosen yet.
#[derive(Clone, Copy)]
pub(super) struct Chosen {
    client: Client,
    people: State<Vec<BareJid>>,
    typed: State<String>,
}

impl Chosen {
    pub(super) fn new(client: Client) -> Self {
        Self { client, people: State::new(Vec::new()), typed: State::new(String::new()) }
    }

    /// Everybody who is chosen. What was typed counts if it is a whole address, or the name of only one contact;
    /// `None`, if it is neither.
    pub(super) fn all(self) -> Option<Vec<BareJid>> {
        let mut people = self.people.get_untracked();
        let typed = self.typed.get_untracked();
        if !typed.trim().is_empty() {
            let one = self.read(&typed)?;
            if !people.contains(&one) {
                people.push(one);
            }
        }
        Some(people)
    }

    fn read(self, typed: &str) -> Option<BareJid> {
        let address = self.client.read_address(typed.trim()).ok().filter(|address| address.local().is_some());
        address.or_else(|| match &found(self.client, typed)[..] {
            [one] => Some(one.clone()),
            _ => None,
        })
    }

    fn add(self, one: BareJid) {
        self.typed.set(String::new());
        self.people.update(|people| {
            if !people.contains(&one) {
                people.push(one);
            }
        });
    }

    /// The field, who is chosen above it, and who could be below it.
    pub(super) fn view(self) -> View {
        let Self { client, people, typed } = self;
        let key = act(move |event: KeyboardEvent| {
            if event.key() == "Enter"
                && let Some(one) = self.read(&typed.get_untracked())
            {
                event.prevent_default();
                self.add(one);
            }
        });
        let tags = live(move || people.get().into_iter().map(|one| self.tag(one)).collect::<Vec<View>>());
        let offers = live(move || {
            let offered = found(client, &typed.get()).into_iter().filter(|one| people.with(|all| !all.contains(one)));
            offered.map(|one| self.offer(one)).collect::<Vec<View>>()
        });
        let field = label().class("field").child((
            span().class("label").child(words::INVITE_PEOPLE),
            input()
                .attr("type", "text")
                .attr("data-testid", "invite-people")
                .attr("dir", "auto")
                .attr("autocomplete", "off")
                .attr("autocapitalize", "none")
                .attr("spellcheck", "false")
                .attr("placeholder", words::INVITE_HINT)
                .prop("value", live(move || typed.get()))
                .on("input", act(move |event: Event| typed.set(typed_text(&event))))
                .on("keydown", key),
        ));
        (
            field,
            div().class("tags chosen").attr("aria-live", "polite").child(tags),
            div().class("offers").attr("aria-live", "polite").child(offers),
        )
            .into_view()
    }

    fn tag(self, one: BareJid) -> View {
        let name = text::name(&self.client.name(&one));
        let label = format!("{}: {name}", words::REMOVE_PERSON);
        let drop = move || self.people.update(|people| people.retain(|known| *known != one));
        let drop = button().attr("type", "button").attr("aria-label", label).click(drop).child(icon(CLOSE));
        span().class("tag").child((span().attr("dir", "auto").child(name), drop)).into_view()
    }

    fn offer(self, one: BareJid) -> View {
        let name = self.client.name(&one);
        let lines = (
            span().class("name").attr("dir", "auto").child(text::name(&name)),
            span().class("line").attr("dir", "auto").child(one.to_string()),
        );
        button()
            .class("person")
            .attr("type", "button")
            .attr("data-testid", "invite-offer")
            .child((span().class("face").child(avatar(&one, &name)), span().class("lines").child(lines)))
            .click(move || self.add(one.clone()))
            .into_view()
    }
}
