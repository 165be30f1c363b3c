use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use wasm_bindgen_test::wasm_bindgen_test;
use waxwing::clock::{Instant, Now};
use waxwing::engine::change::{Abilities, Change};
use waxwing::engine::command::{Command, Password};
use waxwing::engine::effect::{Effect, Record, Remembered, Table, Write};
use waxwing::engine::{HostMeta, Input, Output, SocketEvent};
use waxwing::platform::discovery::Reach;
use waxwing::platform::driver::{Core, Driver};
use waxwing::platform::vault;
use waxwing::session::scram::{Hash, SavedKeys};

use crate::page::{pause, until};

type React = Box<dyn FnMut(Now, &Input) -> Vec<Output>>;

/// An engine whose reactions a test writes down.
struct Puppet {
    seen: Rc<RefCell<Vec<Input>>>,
    react: React,
    outputs: VecDeque<Output>,
}

impl Core for Puppet {
    fn handle(&mut self, now: Now, input: Input) {
        assert!(self.outputs.is_empty(), "an input before the last one was worked off");
        self.outputs = (self.react)(now, &input).into();
        self.seen.borrow_mut().push(input);
    }

    fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }
}

fn start(
    react: impl FnMut(Now, &Input) -> Vec<Output> + 'static,
    on_changes: impl Fn(Vec<Change>) + 'static,
) -> (Driver<Puppet>, Rc<RefCell<Vec<Input>>>) {
    let seen = Rc::new(RefCell::new(Vec::new()));
    let puppet = Puppet { seen: seen.clone(), react: Box::new(react), outputs: VecDeque::new() };
    (Driver::run(puppet, Reach::OwnOrigin, Box::new(on_changes)), seen)
}

fn frame(number: usize) -> Input {
    Input::Socket(SocketEvent::Frame(number.to_string()))
}

fn change(pre_approval: bool) -> Output {
    Output::Change(Change::Abilities(Abilities { pre_approval, upload: None }))
}

#[wasm_bindgen_test]
async fn wishes_go_ahead_of_frames_and_frames_keep_their_order() {
    let (driver, seen) = start(|_, _| vec![], |_| {});
    for number in 0..1000 {
        driver.input(frame(number));
    }
    driver.command(Command::Reconnect);
    assert_eq!(*seen.borrow(), [Input::Command(Command::Reconnect)]);
    until("the frames", || seen.borrow().len() == 1001).await;
    assert!(seen.borrow().iter().skip(1).enumerate().all(|(number, input)| *input == frame(number)));
}

#[wasm_bindgen_test]
async fn a_flood_leaves_room_for_other_tasks() {
    let longest = Rc::new(Cell::new(0_usize));
    let run = Rc::new(Cell::new(0_usize));
    let counting = run.clone();
    let (driver, seen) = start(
        move |_, _| {
            counting.set(counting.get() + 1);
            let start = js_sys::Date::now();
            while js_sys::Date::now() - start < 2.0 {}
            vec![]
        },
        |_| {},
    );
    for number in 0..60 {
        driver.input(frame(number));
    }
    while seen.borrow().len() < 60 {
        pause(0).await;
        longest.set(longest.get().max(run.take()));
    }
    assert!(longest.get() <= 20, "{} frames without a pause", longest.get());
}

#[wasm_bindgen_test]
async fn a_view_may_give_commands_while_it_is_told() {
    let driver: Rc<RefCell<Option<Driver<Puppet>>>> = Rc::default();
    let told = Rc::new(Cell::new(0));
    let (handle, count) = (driver.clone(), told.clone());
    let (started, seen) = start(
        |_, _| vec![change(true)],
        move |_| {
            count.set(count.get() + 1);
            if count.get() < 3 {
                handle.borrow().as_ref().unwrap().command(Command::Attend(Vec::new()));
            }
        },
    );
    driver.replace(Some(started.clone()));
    started.command(Command::Reconnect);
    until("three rounds", || told.get() == 3).await;
    assert_eq!(seen.borrow().len(), 3);
    driver.take();
}

#[wasm_bindgen_test]
async fn changes_of_one_frame_come_together_and_in_order() {
    let batches = Rc::new(RefCell::new(Vec::new()));
    let into = batches.clone();
    let (driver, _) = start(|_, _| vec![change(true), change(false)], move |batch| into.borrow_mut().push(batch));
    driver.command(Command::Reconnect);
    driver.command(Command::Reconnect);
    until("a frame", || !batches.borrow().is_empty()).await;
    let abilities: Vec<bool> = batches
        .borrow()
        .iter()
        .flatten()
        .map(|change| matches!(change, Change::Abilities(Abilities { pre_approval: true, upload: None })))
        .collect();
    assert_eq!(abilities, [true, false, true, false]);
    assert_eq!(batches.borrow().len(), 1);
}

#[wasm_bindgen_test]
async fn frames_of_a_dropped_socket_are_dropped_with_it() {
    let (driver, seen) = start(
        |_, input| match input {
            Input::Command(_) => vec![Output::Effect(Effect::Disconnect)],
            _ => vec![],
        },
        |_| {},
    );
    for number in 0..5 {
        driver.input(frame(number));
    }
    driver.input(Input::Network { online: true });
    driver.command(Command::LogOut);
    until("the rest", || seen.borrow().len() == 2).await;
    pause(30).await;
    assert_eq!(*seen.borrow(), [Input::Command(Command::LogOut), Input::Network { online: true }]);
}

#[wasm_bindgen_test]
async fn a_deadline_becomes_one_tick() {
    let due = Rc::new(Cell::new(Instant(0)));
    let set = due.clone();
    let rung = Rc::new(RefCell::new(Vec::new()));
    let into = rung.clone();
    let (driver, _) = start(
        move |now, input| match input {
            Input::Command(Command::Reconnect) => {
                set.set(now.instant.after(30));
                vec![Output::Effect(Effect::WakeAt(Some(now.instant.after(30))))]
            }
            Input::Command(_) => vec![Output::Effect(Effect::WakeAt(None))],
            Input::Tick => {
                into.borrow_mut().push(now.instant);
                vec![]
            }
            _ => vec![],
        },
        |_| {},
    );
    driver.command(Command::Reconnect);
    until("the tick", || !rung.borrow().is_empty()).await;
    pause(60).await;
    assert_eq!(rung.borrow().len(), 1);
    assert!(rung.borrow().iter().all(|at| *at >= due.get()));

    driver.command(Command::Reconnect);
    driver.command(Command::LogOut);
    pause(80).await;
    assert_eq!(rung.borrow().len(), 1, "taken back");
}

#[wasm_bindgen_test]
async fn what_was_asked_of_the_world_is_answered() {
    let (driver, seen) = start(
        |_, input| match input {
            Input::Command(Command::LogIn { password, .. }) => {
                assert_eq!(password.0, "päss", "prepared");
                vec![
                    Output::Effect(Effect::Discover { domain: "example.org".into() }),
                    Output::Effect(Effect::Stretch {
                        request: 7,
                        hash: Hash::Sha1,
                        password: Password("password".into()),
                        salt: b"salt".to_vec(),
                        iterations: 1,
                    }),
                    Output::Effect(Effect::Connect { url: "nonsense".into() }),
                ]
            }
            _ => vec![],
        },
        |_| {},
    );
    driver.command(Command::LogIn {
        address: "romeo@example.org".parse().unwrap(),
        password: Password("pa\u{308}ss".into()),
        service: None,
        remember: false,
    });
    until("the answers", || seen.borrow().len() == 4).await;
    let seen = seen.borrow();
    assert!(seen.contains(&Input::Socket(SocketEvent::Closed)));
    assert!(seen.contains(&Input::Discovered { domain: "example.org".into(), host_meta: HostMeta::default() }));
    assert!(seen.iter().any(|input| matches!(input, Input::Stretched { request: 7, salted } if salted.len() == 20)));
}

#[wasm_bindgen_test]
async fn the_store_is_opened_written_read_and_forgotten() {
    let stored = |table| Record { table, id: 1, bytes: b"bytes".to_vec() };
    let remembered = Remembered {
        address: "romeo@example.org".parse().unwrap(),
        service: None,
        keys: SavedKeys { hash: Hash::Sha1, salt: vec![1], iterations: 1, client_key: vec![2], server_key: vec![3] },
    };
    let wishes = [
        vec![
            Effect::OpenStore { account: remembered.address.clone() },
            Effect::Remember(Box::new(remembered.clone())),
            Effect::Save {
                number: 5,
                strict: true,
                writes: vec![Write::Put(stored(Table::Meta)), Write::Put(stored(Table::Chunks))],
            },
            Effect::Load { request: 6, chunks: vec![1, 2] },
        ],
        vec![
            Effect::ForgetKeys,
            Effect::OpenStore { account: remembered.address.clone() },
            Effect::Load { request: 7, chunks: vec![1] },
        ],
        vec![
            Effect::Forget,
            Effect::OpenStore { account: remembered.address.clone() },
            Effect::Forget,
            Effect::Load { request: 8, chunks: vec![1] },
        ],
    ];
    let mut wishes = VecDeque::from(wishes);
    let (driver, seen) = start(
        move |_, input| match input {
            Input::Command(_) => wishes.pop_front().unwrap().into_iter().map(Output::Effect).collect(),
            _ => vec![],
        },
        |_| {},
    );
    let told = |count: usize| {
        let seen = seen.clone();
        async move {
            until("the answers", || seen.borrow().len() == count).await;
            seen.take()
        }
    };
    let loaded = |request| Input::Loaded { request, chunks: vec![stored(Table::Chunks)] };
    driver.command(Command::Reconnect);
    let answers = told(4).await;
    assert_eq!(answers[1..], [Input::StoreOpened(Ok(vec![])), Input::Saved { number: 5 }, loaded(6)]);
    while vault::load().await.is_none() {}

    driver.command(Command::Reconnect);
    let answers = told(3).await;
    assert_eq!(answers[1..], [Input::StoreOpened(Ok(vec![stored(Table::Meta)])), loaded(7)]);
    while vault::load().await.is_some() {}

    driver.command(Command::Reconnect);
    let answers = told(3).await;
    assert_eq!(answers[1..], [Input::StoreOpened(Ok(vec![])), Input::Loaded { request: 8, chunks: vec![] }]);
}

#[wasm_bindgen_test]
async fn a_driver_that_was_dropped_does_nothing_more() {
    let (driver, seen) = start(
        |now, _| vec![Output::Effect(Effect::WakeAt(Some(now.instant.after(10)))), change(true)],
        |_| panic!("told after the end"),
    );
    driver.command(Command::Reconnect);
    driver.input(frame(1));
    drop(driver);
    pause(60).await;
    assert_eq!(seen.borrow().len(), 1);
}

#[wasm_bindgen_test]
fn a_driver_that_is_deposed_tells_its_engine_before_it_is_dropped() {
    let (driver, seen) = start(|_, _| vec![], |_| {});
    driver.input(frame(1));
    driver.input(Input::Deposed);
    drop(driver);
    assert_eq!(*seen.borrow(), [Input::Deposed]);
}
