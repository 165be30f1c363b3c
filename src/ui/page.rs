//! The state of the interface itself: which conversation is open, what is chosen, what was typed but not sent.

use crate::ui::parts::state::State;

use std::rc::Rc;

use wasm_bindgen::JsValue;

use super::parts::browser::{civil_now, document, every, keep, kept, listen, now, window_is_watched};
use super::parts::live::watch;
use super::uploads::{self, Caption, Upload};
use crate::clock::Timestamp;
use crate::domain::invitation::Invitation;
use crate::domain::search::Hit;
use crate::domain::timeline::MessageKey;
use crate::jid::BareJid;
use crate::present::conversation_rows::Shelf;
use crate::present::dates::Day;
use crate::present::person;
use crate::ui::desk::DeskDialog;
use crate::ui::rooms::RoomDialog;

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Theme {
    /// As the device is.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// All of them, in the order of the choice.
    pub(crate) const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The stable name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// What the sidebar lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tab {
    /// Conversations.
    #[default]
    Chats,
    /// Contacts.
    Contacts,
}

/// The dialog above the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Dialog {
    /// Own status and settings.
    Status,
    /// Add a contact, whose address may be known.
    Add(Option<BareJid>),
    /// About somebody.
    Details(BareJid),
    /// Name and groups of a contact.
    Edit(BareJid),
    /// Really remove?
    Remove(BareJid),
    /// About a message.
    Message(BareJid, MessageKey),
    /// Send a text to somebody else.
    Forward(String),
    /// Begin a conversation.
    NewChat,
    /// What can be done with a conversation.
    Arrange(BareJid),
    /// Really delete a conversation?
    Delete(BareJid),
    /// Whom the user blocked.
    Blocked,
    /// Really write to somebody whom a link names?
    Write(BareJid),
    /// The account itself.
    Account,
    /// Really give the account up?
    RemoveAccount,
    /// Answer an invitation.
    Invitation,
    /// Something about group chats.
    Room(RoomDialog),
    /// Something about a visit at the desk.
    Desk(DeskDialog),
}

/// The state of the interface of one page.
#[derive(Clone, Copy)]
pub(crate) struct Page {
    /// The open conversation.
    pub(crate) open: State<Option<BareJid>>,
    pub(crate) tab: State<Tab>,
    pub(crate) dialog: State<Option<Dialog>>,
    /// Who is in a group chat is shown beside it.
    pub(crate) participants: State<bool>,
    /// The group chat that the user chose last to go into: it is one before the engine says so.
    pub(crate) entered: State<Option<BareJid>>,
    /// Pictures of addresses, by name, that the browser holds.
    pub(crate) faces: State<Vec<(Rc<str>, Rc<str>)>>,
    /// A nickname to be put into the field for a message.
    pub(crate) named: State<Option<String>>,
    pub(crate) theme: State<Theme>,
    pub(crate) enter_sends: State<bool>,
    pub(crate) by_availability: State<bool>,
    pub(crate) collapsed: State<Vec<String>>,
    pub(crate) filter: State<String>,
    /// Which conversations are listed.
    pub(crate) shelf: State<Shelf>,
    /// Contacts may know since when nobody is here.
    pub(crate) tells_idle: State<bool>,
    /// Contacts may know which time it is here.
    pub(crate) tells_time: State<bool>,
    /// The message that the user chose among those found, until it is shown.
    pub(crate) going: State<Option<Rc<Hit>>>,
    /// A message that was found and cannot be shown in its place.
    pub(crate) alone: State<Option<Rc<Hit>>>,
    pub(crate) today: State<Day>,
    /// Changes with every minute, or nearly.
    minute: State<i64>,
    /// Whether the user looks at this window, and this can be seen there.
    pub(crate) watched: State<bool>,
    /// This is a part of somebody else's page: the address bar, the title and whatever else there is one of are theirs.
    pub(crate) embedded: State<bool>,
    /// Whether the part can be seen.
    pub(crate) in_sight: State<bool>,
    /// Whose text could not be kept and is a draft again: the field for it has to show it.
    pub(crate) given_back: State<Option<BareJid>>,
    /// An invitation that nobody answered yet.
    pub(crate) invitation: State<Option<Invitation>>,
    /// The user agreed to it, and is about to sign in.
    pub(crate) agreed: State<bool>,
    /// The user has read that this browser gives no storage.
    pub(crate) knows_storage: State<bool>,
    /// Files of this page that are not sent.
    pub(crate) uploads: State<Vec<Upload>>,
    /// Some came or went.
    pub(crate) uploads_changed: State<u32>,
    /// Texts that go out after files.
    pub(crate) captions: State<Vec<Caption>>,
    /// Hosts from which the operator lets pictures of contacts be shown.
    pub(crate) picture_hosts: State<Vec<String>>,
    /// Pictures that the user asked for.
    pub(crate) wanted_pictures: State<Vec<MessageKey>>,
    numbers: State<u32>,
    /// Whether the browser's way back leads to the list.
    came_from_list: State<bool>,
}

impl Page {
    pub(crate) fn new() -> Self {
        let theme = match kept("theme").as_deref() {
            Some("light") => Theme::Light,
            Some("dark") => Theme::Dark,
            _ => Theme::System,
        };
        Self {
            open: State::new(None),
            tab: State::new(Tab::default()),
            dialog: State::new(None),
            participants: State::new(false),
            entered: State::new(None),
            faces: State::new(Vec::new()),
            named: State::new(None),
            theme: State::new(theme),
            enter_sends: State::new(kept("enter-sends").as_deref() != Some("no")),
            by_availability: State::new(kept("sort").as_deref() == Some("availability")),
            collapsed: State::new(Vec::new()),
            filter: State::new(String::new()),
            shelf: State::new(Shelf::default()),
            tells_idle: State::new(kept("tells-idle").as_deref() != Some("no")),
            tells_time: State::new(kept("tells-time").as_deref() != Some("no")),
            going: State::new(None),
            alone: State::new(None),
            today: State::new(civil_now().day),
            minute: State::new(0),
            watched: State::new(true),
            embedded: State::new(false),
            in_sight: State::new(true),
            given_back: State::new(None),
            invitation: State::new(None),
            agreed: State::new(false),
            knows_storage: State::new(false),
            uploads: State::new(Vec::new()),
            uploads_changed: State::new(0),
            captions: State::new(Vec::new()),
            picture_hosts: State::new(Vec::new()),
            wanted_pictures: State::new(Vec::new()),
            numbers: State::new(0),
            came_from_list: State::new(false),
        }
    }

    /// Follows the address bar, the clock and the window until the current owner goes. `read` reads an address.
    pub(crate) fn follow(self, read: impl Fn(&str) -> Option<BareJid> + Clone + 'static) {
        let Some(window) = web_sys::window() else { return };
        let from_bar = move || {
            self.take_invitation(&read);
            let open = read_hash().and_then(|text| read(&text));
            if open.is_none() {
                self.came_from_list.set(false);
            }
            if self.open.with_untracked(|known| *known != open) {
                self.open.set(open);
            }
        };
        from_bar();
        listen(&window, "hashchange", move |_| from_bar());
        self.follow_time_and_focus();
        watch(move || {
            let theme = self.theme.get();
            if let Some(root) = document().document_element() {
                let _ = match theme {
                    Theme::System => root.remove_attribute("data-theme"),
                    theme => root.set_attribute("data-theme", theme.name()),
                };
            }
            keep("theme", theme.name());
        });
        watch(move || keep("sort", if self.by_availability.get() { "availability" } else { "name" }));
        let yes_or_no = |chosen| if chosen { "yes" } else { "no" };
        watch(move || keep("enter-sends", yes_or_no(self.enter_sends.get())));
        watch(move || keep("tells-idle", yes_or_no(self.tells_idle.get())));
        watch(move || keep("tells-time", yes_or_no(self.tells_time.get())));
    }

    /// Follows the clock and the window until the current owner goes.
    pub(crate) fn follow_time_and_focus(self) {
        let Some(window) = web_sys::window() else { return };
        for event in ["focus", "blur", "pageshow"] {
            listen(&window, event, move |_| self.notice_focus());
        }
        listen(&document(), "visibilitychange", move |_| self.notice_focus());
        watch(move || {
            self.in_sight.track();
            self.notice_focus();
        });
        every(20_000, move || {
            let today = civil_now().day;
            if self.today.get_untracked() != today {
                self.today.set(today);
            }
            self.minute.set_if_new(now().0.div_euclid(60_000));
        });
    }

    /// Takes an invitation out of the address bar, so that nobody finds it there later.
    fn take_invitation(self, read: &dyn Fn(&str) -> Option<BareJid>) {
        let Some(window) = web_sys::window() else { return };
        let Some(found) = window.location().hash().ok().and_then(|hash| Invitation::parse(&hash, read)) else { return };
        self.agreed.set(false);
        self.invitation.set(Some(found));
        if let Ok(history) = window.history() {
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some("#/"));
        }
    }

    /// Opens a conversation. From the list this is a step forward, so that the way back leads there again; from
    /// another conversation it replaces that step.
    pub(crate) fn show(self, peer: &BareJid) {
        if self.embedded.get_untracked() {
            return;
        }
        let hash = format!("#/chat/{}", js_sys::encode_uri_component(peer.as_str()));
        let first = self.open.with_untracked(Option::is_none);
        if let Some(history) = web_sys::window().and_then(|window| window.history().ok()) {
            let _ = if first {
                history.push_state_with_url(&JsValue::NULL, "", Some(&hash))
            } else {
                history.replace_state_with_url(&JsValue::NULL, "", Some(&hash))
            };
        }
        if first {
            self.came_from_list.set(true);
        }
        self.open.set(Some(peer.clone()));
    }

    /// Back to the list.
    pub(crate) fn leave(self) {
        let Some(history) = web_sys::window().and_then(|window| window.history().ok()) else { return };
        if self.came_from_list.get_untracked() && history.back().is_ok() {
            // The address bar follows, and `open` follows it.
            return;
        }
        self.forget();
    }

    /// Back to the list, and no way forward again: somebody signed out, or the address was typed.
    pub(crate) fn forget(self) {
        let history = web_sys::window().and_then(|window| window.history().ok());
        if let Some(history) = history.filter(|_| !self.embedded.get_untracked()) {
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some("#/"));
        }
        self.came_from_list.set(false);
        self.open.set(None);
    }

    /// Since when nobody has been there, in words that follow the clock.
    pub(crate) fn last_seen(self, since: Timestamp) -> String {
        self.minute.track();
        person::last_seen(since, now())
    }

    /// Closes the dialog.
    pub(crate) fn close_dialog(self) {
        if self.dialog.with_untracked(Option::is_some) {
            self.dialog.set(None);
        }
    }

    /// Forgets what belongs to the one who signed out.
    pub(crate) fn clear(self) {
        self.invitation.set(None);
        self.given_back.set(None);
        uploads::clear(self);
        self.captions.set(Vec::new());
        self.wanted_pictures.set(Vec::new());
        self.dialog.set(None);
        self.participants.set(false);
        self.filter.set(String::new());
        self.going.set(None);
        self.alone.set(None);
        self.collapsed.set(Vec::new());
        self.tab.set(Tab::default());
        self.shelf.set(Shelf::default());
        self.forget();
    }

    /// A number that nothing else of this page has.
    pub(crate) fn next_number(self) -> u32 {
        let number = self.numbers.get_untracked().wrapping_add(1);
        self.numbers.set(number);
        number
    }

    fn notice_focus(self) {
        let watched = self.in_sight.get_untracked() && window_is_watched();
        if self.watched.get_untracked() != watched {
            self.watched.set(watched);
        }
    }
}

/// The address in `#/chat/<address>`, as it was written.
fn read_hash() -> Option<String> {
    let hash = web_sys::window()?.location().hash().ok()?;
    let encoded = hash.strip_prefix("#/chat/")?;
    js_sys::decode_uri_component(encoded).ok().map(String::from)
}
