//! Several tabs, all in one page: locks and channels do not care.

use std::cell::{Cell, RefCell};
use std::future::{Future, ready};
use std::pin::Pin;
use std::rc::Rc;

use js_sys::Function;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use waxwing::clock::Instant;
use waxwing::domain::account::{Account, Connection};
use waxwing::domain::conversation::Conversation;
use waxwing::domain::problem::{Problem, Reason};
use waxwing::engine::Input;
use waxwing::engine::change::{Change, Notice};
use waxwing::engine::command::Command;
use waxwing::engine::effect::Remembered;
use waxwing::engine::mirror::Mirror;
use waxwing::jid::BareJid;
use waxwing::platform::tabs::{Engine, Options, Page, Tabs};
use waxwing::session::scram::{Hash, SavedKeys};

use crate::page::{come_back, pause, set_visibility, take_lock, tap_channels, until};

type Show = Box<dyn Fn(Vec<Change>)>;

/// The kinds of messages, as they are on the channel.
const BATCH: u8 = 6;
const DONE: u8 = 7;

/// What happened in one tab.
#[derive(Default)]
struct Seen {
    remembers: bool,
    mirror: RefCell<Mirror>,
    /// The texts of `say` and the like, in order.
    told: RefCell<Vec<String>>,
    retry_at: Cell<Option<Instant>>,
    notices: Cell<usize>,
    inputs: RefCell<Vec<Input>>,
    engine: RefCell<Option<Show>>,
    running: Cell<usize>,
    ready: Cell<usize>,
    outdated: RefCell<Vec<bool>>,
    blocked: RefCell<Vec<bool>>,
}

struct Fake(Rc<Seen>);

/// Notices when an engine is dropped.
struct Running(Rc<Seen>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.running.set(self.0.running.get() - 1);
    }
}

impl Page for Fake {
    fn remembered(&self) -> Pin<Box<dyn Future<Output = Option<Remembered>>>> {
        Box::pin(ready(self.0.remembers.then(|| {
            let keys =
                SavedKeys { hash: Hash::Sha1, salt: vec![], iterations: 4096, client_key: vec![], server_key: vec![] };
            Remembered { address: peer("romeo"), service: None, keys }
        })))
    }

    fn start(&self, show: Show) -> Engine {
        self.0.engine.replace(Some(show));
        self.0.running.set(self.0.running.get() + 1);
        let running = Running(self.0.clone());
        Rc::new(move |input| running.0.inputs.borrow_mut().push(input))
    }

    fn show(&self, changes: Vec<Change>) {
        for change in changes {
            match &change {
                Change::Conversation(conversation) => self.0.told.borrow_mut().extend(conversation.draft.clone()),
                Change::Connection(Connection::Reconnecting { retry_at, .. }) => self.0.retry_at.set(*retry_at),
                Change::Notice(_) => self.0.notices.set(self.0.notices.get() + 1),
                _ => {}
            }
            self.0.mirror.borrow_mut().apply(change);
        }
        self.0.mirror.borrow_mut().flush();
    }

    fn snapshot(&self) -> Vec<Change> {
        self.0.mirror.borrow().snapshot()
    }

    fn ready(&self) {
        self.0.ready.set(self.0.ready.get() + 1);
    }

    fn outdated(&self, stopped: bool) {
        self.0.outdated.borrow_mut().push(stopped);
    }

    fn blocked(&self, blocked: bool) {
        self.0.blocked.borrow_mut().push(blocked);
    }
}

struct Tab {
    tabs: Tabs,
    seen: Rc<Seen>,
}

fn options(name: &str) -> Options {
    Options { name: name.into(), version: "1".into(), loaded: 1_000, tick: 30 }
}

fn open(options: Options) -> Tab {
    open_with(options, true)
}

fn open_with(options: Options, remembers: bool) -> Tab {
    set_visibility("visible");
    let seen = Rc::new(Seen { remembers, ..Seen::default() });
    Tab { tabs: Tabs::start(options, Box::new(Fake(seen.clone()))), seen }
}

impl Tab {
    async fn opened(options: Options) -> Self {
        let tab = open(options);
        tab.is_ready().await;
        tab
    }

    async fn is_ready(&self) {
        until("a part for this tab", || self.seen.ready.get() > 0).await;
    }

    /// As the engine would. The text stands in a draft.
    fn say(&self, text: &str) {
        let conversation = Conversation { draft: Some(text.to_owned()), ..Conversation::new(peer("juliet")) };
        self.emit(Change::Conversation(conversation));
    }

    fn emit(&self, change: Change) {
        let show = self.seen.engine.borrow();
        show.as_ref().expect("an engine")(vec![change]);
    }

    fn hears(&self, text: &str) -> bool {
        self.seen.told.borrow().last().is_some_and(|last| last == text)
    }

    fn commands(&self) -> Vec<Command> {
        let commands = self.seen.inputs.borrow();
        commands
            .iter()
            .filter_map(|input| if let Input::Command(one) = input { Some(one.clone()) } else { None })
            .collect()
    }

    fn was_deposed(&self) -> bool {
        self.seen.running.get() == 0 && self.seen.inputs.borrow().last() == Some(&Input::Deposed)
    }
}

fn peer(name: &str) -> BareJid {
    format!("{name}@example.org").parse().unwrap()
}

fn text(text: &str) -> Command {
    Command::SendText { id: None, peer: peer("juliet"), text: text.into() }
}

fn texts(commands: &[Command]) -> Vec<&str> {
    commands
        .iter()
        .filter_map(|one| if let Command::SendText { text, .. } = one { Some(&**text) } else { None })
        .collect()
}

async fn take(name: &str, steal: bool) -> Function {
    JsFuture::from(take_lock(name, steal)).await.unwrap().dyn_into().unwrap()
}

fn release(lock: &Function) {
    lock.call0(&JsValue::NULL).unwrap();
}

/// Loses messages of one kind on channels of one name, so many of them.
fn lose(name: &'static str, kind: u8, count: usize) -> Rc<Cell<usize>> {
    let left = Rc::new(Cell::new(count));
    let counts = left.clone();
    let tap = Closure::new(move |on: String, what: u8| {
        let lost = on == name && what == kind && counts.get() > 0;
        if lost {
            counts.set(counts.get() - 1);
        }
        !lost
    });
    tap_channels(&tap);
    tap.forget();
    left
}

#[wasm_bindgen_test]
async fn one_leads_and_all_show_the_same() {
    let first = Tab::opened(options("same")).await;
    assert!(first.tabs.leads());
    assert!(matches!(first.seen.inputs.borrow()[..], [Input::Restore(_), Input::Visible(true)]));
    first.say("before anybody else");
    let second = Tab::opened(options("same")).await;
    let third = Tab::opened(options("same")).await;
    until("the state so far", || second.hears("before anybody else") && third.hears("before anybody else")).await;
    for number in 0..50 {
        first.say(&number.to_string());
    }
    until("what followed", || second.hears("49") && third.hears("49")).await;
    let expected: Vec<String> =
        std::iter::once("before anybody else".to_owned()).chain((0..50).map(|number| number.to_string())).collect();
    for tab in [&first, &second, &third] {
        assert_eq!(*tab.seen.told.borrow(), expected);
    }
    assert!(!second.tabs.leads() && !third.tabs.leads());
    assert_eq!(second.seen.running.get() + third.seen.running.get(), 0);
}

#[wasm_bindgen_test]
async fn wishes_are_done_once_each_and_in_order() {
    let leader = Tab::opened(options("wishes")).await;
    let one = Tab::opened(options("wishes")).await;
    let other = Tab::opened(options("wishes")).await;
    for number in 0..20 {
        one.tabs.send(text(&format!("one {number}")));
        other.tabs.send(text(&format!("other {number}")));
    }
    leader.tabs.send(text("own"));
    until("all of them", || leader.commands().len() >= 41).await;
    // Anything that is repeated without need is repeated within a few ticks.
    pause(150).await;
    let commands = leader.commands();
    let said = texts(&commands);
    assert_eq!(said.len(), 41, "{said:?}");
    for who in ["one", "other"] {
        let mine: Vec<&str> = said.iter().copied().filter(|text| text.starts_with(&format!("{who} "))).collect();
        assert_eq!(mine, (0..20).map(|number| format!("{who} {number}")).collect::<Vec<_>>());
    }
    let ids: std::collections::HashSet<_> = commands
        .iter()
        .map(|one| match one {
            Command::SendText { id: Some(id), .. } => id.clone(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert!(ids.len() == 41 && ids.iter().all(|id| id.len() == 32));
}

#[wasm_bindgen_test]
async fn a_lost_confirmation_does_not_double_a_wish() {
    let leader = Tab::opened(options("unconfirmed")).await;
    let follower = Tab::opened(options("unconfirmed")).await;
    let left = lose("unconfirmed", DONE, 2);
    follower.tabs.send(text("once"));
    until("repetitions", || left.get() == 0).await;
    follower.tabs.send(text("after"));
    until("the next", || leader.commands().len() >= 2).await;
    pause(100).await;
    assert_eq!(texts(&leader.commands()), ["once", "after"]);
}

#[wasm_bindgen_test]
async fn a_lost_wish_is_repeated_before_later_ones() {
    const WISH: u8 = 3;
    let leader = Tab::opened(options("lost-wish")).await;
    let follower = Tab::opened(options("lost-wish")).await;
    lose("lost-wish", WISH, 1);
    follower.tabs.send(text("first"));
    follower.tabs.send(text("second"));
    until("both", || leader.commands().len() == 2).await;
    assert_eq!(texts(&leader.commands()), ["first", "second"]);
}

#[wasm_bindgen_test]
async fn when_the_leader_goes_another_takes_over_and_nothing_is_lost() {
    let leader = Tab::opened(options("over")).await;
    let heir = Tab::opened(options("over")).await;
    let third = Tab::opened(options("over")).await;
    leader.say("old");
    until("the old state", || heir.hears("old") && third.hears("old")).await;
    // The last of it is not even heard by the leader.
    drop(leader);
    third.tabs.send(text("between"));
    heir.tabs.send(text("own"));
    until("a new leader", || heir.tabs.leads()).await;
    until("the wishes", || heir.commands().len() == 2).await;
    assert!(matches!(heir.seen.inputs.borrow().first(), Some(Input::Restore(_))), "as a fresh page does");
    let mut said = heir.commands();
    said.sort_by_key(|command| format!("{command:?}").contains("own"));
    assert_eq!(texts(&said), ["between", "own"]);
    heir.emit(Change::Reset);
    heir.say("new");
    until("the new state", || third.hears("new")).await;
    assert!(!third.tabs.leads());
    heir.say("newer");
    until("a batch of the new reign", || third.hears("newer")).await;
}

#[wasm_bindgen_test]
async fn the_next_leader_gets_again_what_the_last_one_took_and_may_not_have_kept() {
    let first = Tab::opened(options("unsaved")).await;
    let second = Tab::opened(options("unsaved")).await;
    second.tabs.send(text("taken"));
    until("the wish to be done", || texts(&first.commands()) == ["taken"]).await;
    // The confirmation has come once a later wish is confirmed and asked for no more.
    second.tabs.send(text("taken too"));
    until("the second wish to be done", || texts(&first.commands()) == ["taken", "taken too"]).await;
    drop(first.tabs);
    second.tabs.send(text("later"));
    until("the second to lead", || second.tabs.leads()).await;
    until("all texts, as they were written", || texts(&second.commands()) == ["taken", "taken too", "later"]).await;
    let ids: Vec<_> = second
        .commands()
        .iter()
        .filter_map(|one| if let Command::SendText { id, .. } = one { id.clone() } else { None })
        .collect();
    assert_eq!(ids.len(), 3, "under their ids, so that they are sent once");
}

#[wasm_bindgen_test]
async fn a_session_without_keys_ends_with_its_leader() {
    let leader = open_with(options("memory"), false);
    leader.is_ready().await;
    let other = open_with(options("memory"), false);
    other.is_ready().await;
    let account = Account { address: peer("romeo"), device: None, remembered: false };
    leader.emit(Change::Account(Some(account)));
    leader.say("seen");
    until("the state", || other.hears("seen")).await;
    assert!(other.seen.mirror.borrow().account().is_some());
    drop(leader);
    until("nobody signed in", || other.seen.mirror.borrow().account().is_none()).await;
    assert_eq!(*other.seen.mirror.borrow().connection(), Connection::Offline);
    assert!(other.seen.inputs.borrow().iter().all(|input| !matches!(input, Input::Restore(_))));
}

#[wasm_bindgen_test]
async fn a_leader_whose_lock_is_taken_is_deposed_and_comes_back() {
    let tab = Tab::opened(options("stolen")).await;
    let lock = take("stolen", true).await;
    until("the end of its reign", || tab.was_deposed()).await;
    assert!(!tab.tabs.leads());
    release(&lock);
    until("its return", || tab.tabs.leads()).await;
    assert_eq!(tab.seen.running.get(), 1);
}

#[wasm_bindgen_test]
async fn a_leader_that_stands_still_is_replaced_by_a_page_in_sight() {
    let lock = take("still", false).await;
    let tab = open(options("still"));
    set_visibility("hidden");
    pause(300).await;
    assert!(!tab.tabs.leads(), "nobody looks");
    tab.tabs.send(text("waits"));
    set_visibility("visible");
    until("the lock to be taken", || tab.tabs.leads()).await;
    assert_eq!(texts(&tab.commands()), ["waits"]);
    // It wakes up, and a third page comes.
    release(&lock);
    let third = Tab::opened(options("still")).await;
    assert!(tab.tabs.leads() && !third.tabs.leads());
}

#[wasm_bindgen_test]
async fn a_hole_is_found_and_filled() {
    let leader = Tab::opened(options("hole")).await;
    let follower = Tab::opened(options("hole")).await;
    lose("hole", BATCH, 1);
    leader.say("lost");
    assert!(!follower.hears("lost"));
    leader.say("kept");
    until("the rest", || follower.hears("kept")).await;
    leader.say("more");
    until("more", || follower.hears("more")).await;

    // The last batch leaves no hole behind it, but the leader tells its number when it is asked.
    lose("hole", BATCH, 1);
    leader.say("last");
    until("the last", || follower.hears("last")).await;
}

#[wasm_bindgen_test]
async fn the_engine_knows_what_all_tabs_look_at() {
    let leader = Tab::opened(options("looks")).await;
    let follower = Tab::opened(options("looks")).await;
    let last = |tab: &Tab| tab.commands().last().cloned();
    leader.tabs.send(Command::Attend(vec![peer("nurse")]));
    assert_eq!(last(&leader), Some(Command::Attend(vec![peer("nurse")])));
    follower.tabs.send(Command::Attend(vec![peer("nurse"), peer("juliet")]));
    let both = Command::Attend(vec![peer("nurse"), peer("juliet")]);
    until("both", || last(&leader) == Some(both.clone())).await;
    follower.tabs.send(Command::Show(vec![peer("tybalt")]));
    until("what is shown", || last(&leader) == Some(Command::Show(vec![peer("tybalt")]))).await;
    set_visibility("hidden");
    until("nobody looks", || leader.seen.inputs.borrow().contains(&Input::Visible(false))).await;
    set_visibility("visible");
    until("somebody looks", || leader.seen.inputs.borrow().last() == Some(&Input::Visible(true))).await;
    // A tab that crashed is missed at the roll call.
    drop(follower);
    until("the rest", || last(&leader) == Some(Command::Attend(vec![peer("nurse")]))).await;
    assert!(leader.commands().contains(&Command::Show(Vec::new())));
}

#[wasm_bindgen_test]
async fn an_older_build_makes_room_for_a_newer_one() {
    let old = Tab::opened(options("builds")).await;
    let older = Tab::opened(Options { loaded: 900, ..options("builds") }).await;
    let new = Tab::opened(Options { version: "2".into(), loaded: 2_000, ..options("builds") }).await;
    assert!(new.tabs.leads());
    until("the old ones", || old.was_deposed() && *older.seen.outdated.borrow() == [true]).await;
    assert_eq!(*old.seen.outdated.borrow(), [true]);
    assert!(!old.tabs.leads() && !older.tabs.leads());
    // One that comes from a cache and is older than what runs.
    let late = open(Options { version: "0".into(), loaded: 1_500, ..options("builds") });
    until("the late one", || *late.seen.outdated.borrow() == [true]).await;
    drop(new);
    pause(100).await;
    assert!(!old.tabs.leads() && !older.tabs.leads() && !late.tabs.leads(), "they wait to be loaded again");
}

#[wasm_bindgen_test]
async fn a_session_in_memory_is_not_ended_by_a_newer_build() {
    let old = Tab::opened(options("stays")).await;
    old.emit(Change::Account(Some(Account { address: peer("romeo"), device: None, remembered: false })));
    let new = open(Options { version: "2".into(), loaded: 2_000, ..options("stays") });
    until("the news", || *new.seen.blocked.borrow() == [true]).await;
    pause(300).await;
    assert!(old.tabs.leads() && !new.tabs.leads(), "not even when it waits for long");
    assert_eq!(*old.seen.outdated.borrow(), [false]);
    drop(old);
    until("its turn", || new.tabs.leads()).await;
    assert_eq!(*new.seen.blocked.borrow(), [true, false]);
}

#[wasm_bindgen_test]
async fn a_page_that_is_put_aside_makes_room_and_comes_back() {
    let window = web_sys::window().unwrap();
    let tab = Tab::opened(options("aside")).await;
    window.dispatch_event(&web_sys::Event::new("pagehide").unwrap()).unwrap();
    assert!(tab.was_deposed(), "at once: there may be no later");
    let lock = take("aside", false).await;
    release(&lock);
    come_back();
    until("its return", || tab.tabs.leads()).await;
}

#[wasm_bindgen_test]
async fn points_in_time_and_notices_go_from_page_to_page() {
    let leader = Tab::opened(options("moments")).await;
    let follower = Tab::opened(Options { loaded: 400, ..options("moments") }).await;
    let problem = Problem::new(Reason::Lost);
    leader.emit(Change::Connection(Connection::Reconnecting { retry_at: Some(Instant(5_000)), problem }));
    leader.emit(Change::Notice(Notice::Accepted(peer("juliet"))));
    until("the moment", || follower.seen.retry_at.get() == Some(Instant(5_600))).await;
    assert_eq!(leader.seen.retry_at.get(), Some(Instant(5_000)));
    until("the notice", || follower.seen.notices.get() == 1).await;
    set_visibility("hidden");
    until("nobody looks", || leader.seen.inputs.borrow().contains(&Input::Visible(false))).await;
    leader.emit(Change::Notice(Notice::Accepted(peer("nurse"))));
    leader.say("after it");
    until("what follows it", || follower.hears("after it")).await;
    assert_eq!((leader.seen.notices.get(), follower.seen.notices.get()), (2, 1), "nobody looks: one tells it");
    set_visibility("visible");
}
