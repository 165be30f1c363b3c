//! The page: one engine after another, what it is told, and what it wants done.

use waxwing::clock::{Instant, Now, Timestamp};
use waxwing::engine::command::{Command, Password};
use waxwing::engine::effect::Effect;
use waxwing::engine::mirror::Mirror;
use waxwing::engine::{Engine, Input, Output, Settings, SocketEvent};

use crate::ledger::ME;
use crate::scram;
use crate::server::EPOCH;
use crate::world::{Event, Stored, World, jid};

/// The most inputs of one virtual second: more is a loop without end.
const MOST_A_SECOND: u64 = 20_000;

impl World {
    pub fn start(&mut self, life: u64) {
        if life != self.life + 1 {
            return;
        }
        self.life = life;
        self.born = self.now;
        self.unsafe_life = self.disk.fault.is_some();
        self.engine = Some(Engine::new(Settings::default(), self.rng.bytes()));
        self.mirror = Mirror::default();
        self.watch.page_begins();
        self.note(|| format!("--- the page begins, for the {life}. time"));
        match self.disk.remembered.clone() {
            Some(remembered) => self.input(Input::Restore(Box::new(remembered))),
            None => self.log_in(),
        }
    }

    pub fn log_in(&mut self) {
        self.command(Command::LogIn {
            address: jid(ME),
            password: Password(scram::PASSWORD.into()),
            service: Some("wss://s.ex/ws".into()),
            remember: self.variant.kept,
        });
    }

    pub fn command(&mut self, command: Command) {
        self.input(Input::Command(command));
    }

    pub fn input(&mut self, input: Input) {
        let Some(mut engine) = self.engine.take() else { return };
        self.steps += 1;
        if self.second.0 == self.now / 1_000 {
            self.second.1 += 1;
            if self.second.1 == MOST_A_SECOND {
                self.watch.complain("a loop without end".into());
            }
        } else {
            self.second = (self.now / 1_000, 0);
        }
        self.note(|| match &input {
            Input::Socket(SocketEvent::Frame(frame)) => format!("  <- {frame}"),
            Input::Tick => "     tick".into(),
            Input::StoreOpened(Ok(records)) => format!("     store opened, {} records", records.len()),
            Input::Loaded { request, chunks } => format!("     loaded {request}, {} chunks", chunks.len()),
            Input::Restore(_) => "     restore".into(),
            input => format!("     {input:?}"),
        });
        let instant = Instant(self.now - self.born + 1_000);
        let timestamp = Timestamp(EPOCH + self.now as i64 + self.skew);
        engine.handle(Now { instant, timestamp }, input);
        let mut changes = Vec::new();
        let mut effects = Vec::new();
        while let Some(output) = engine.poll() {
            match output {
                Output::Effect(effect) => effects.push(effect),
                Output::Change(change) => changes.push(change),
            }
        }
        self.engine = Some(engine);
        effects.into_iter().for_each(|effect| self.effect(effect));
        for change in changes {
            if self.trace.is_some() {
                self.note(|| format!("                                        {change:?}"));
            }
            self.watch.change(&change, &mut self.server.ledger, self.variant);
            self.mirror.apply(change);
        }
        self.watch.look(&mut self.server.ledger);
    }

    fn effect(&mut self, effect: Effect) {
        let life = self.life;
        match effect {
            Effect::Send(frame) => self.send(frame),
            Effect::Connect { .. } => self.connect(),
            Effect::Disconnect => self.hang_up(),
            Effect::Stretch { request, .. } => self.at(50, Event::Stretched(life, request)),
            Effect::Discover { domain } => self.at(50, Event::Discovered(life, domain)),
            Effect::Remember(remembered) => self.disk.remembered = Some(*remembered),
            Effect::ForgetKeys => self.disk.remembered = None,
            Effect::Forget => self.disk.erase(),
            Effect::OpenStore { .. } => {
                self.keeps = true;
                let after = self.rng.between(1, 200);
                self.at(after, Event::Store(life, Stored::Opened));
            }
            Effect::Save { number, writes, .. } => {
                self.note(|| format!("     save {number}: {}", crate::watch::told(&writes)));
                self.disk.save(number, writes);
                let late = if self.rng.chance(5) { 2_000 } else { 30 };
                let done = (self.now + self.rng.between(1, late)).max(self.disk.busy_until);
                self.disk.busy_until = done;
                self.until(done, Event::Store(life, Stored::Saved));
            }
            Effect::Load { request, chunks } => {
                let after = self.rng.between(1, 60);
                self.at(after, Event::Store(life, Stored::Loaded(request, chunks)));
            }
            Effect::WakeAt(at) => {
                self.alarm += 1;
                if let Some(Instant(at)) = at {
                    let at = (at + self.born).saturating_sub(1_000).max(self.now);
                    self.until(at, Event::Alarm(self.alarm));
                }
            }
        }
    }

    /// The disk did something for this page.
    pub fn stored(&mut self, answer: Stored) {
        match answer {
            Stored::Opened => {
                let records = self.disk.open();
                self.unsafe_life |= records.is_err();
                self.input(Input::StoreOpened(records));
            }
            Stored::Saved => match self.disk.finish() {
                Some((number, None)) => self.input(Input::Saved { number }),
                Some((number, Some(fault))) => {
                    self.unsafe_life = true;
                    self.input(Input::SaveFailed { number, fault });
                }
                None => {}
            },
            Stored::Loaded(request, chunks) => {
                let chunks = self.disk.load(&chunks);
                self.input(Input::Loaded { request, chunks });
            }
        }
    }

    /// The page is gone, at whatever moment. Its socket may have sent some of what it was given.
    pub fn crash(&mut self) {
        if self.engine.is_none() {
            return;
        }
        self.note(|| "--- the page is gone".into());
        self.engine = None;
        self.hang_up();
        let done = self.rng.part(self.disk.pending());
        self.disk.crash(done);
        let loses = self.unsafe_life || !self.variant.kept || !self.keeps;
        self.watch.page_ends(&mut self.server.ledger, self.variant, loses);
        self.alarm += 1;
        let after = self.rng.between(10, 20_000);
        self.at(after, Event::Start(self.life + 1));
    }
}
