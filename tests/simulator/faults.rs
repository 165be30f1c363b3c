//! What goes wrong.

use waxwing::engine::Input;
use waxwing::engine::effect::StoreFault;

use crate::network::Down;
use crate::world::{Event, Repair, World};

impl World {
    pub fn fault(&mut self) {
        if self.quiet {
            return;
        }
        let after = if self.rng.chance(20) { self.rng.between(10, 1_000) } else { self.rng.between(1_000, 40_000) };
        self.at(after, Event::Fault);
        let link = self.link;
        match self.rng.below(26) {
            0..=2 => link.into_iter().for_each(|id| self.reset(id)),
            3 | 4 => self.change_link("resets soon", |world, link| link.resets_after = Some(world.below(20))),
            5 => self.change_link("goes silent both ways", |_, link| (link.hole_up, link.hole_down) = (true, true)),
            6 => self.change_link("goes silent upwards", |_, link| link.hole_up = true),
            7 => self.change_link("goes silent downwards", |_, link| link.hole_down = true),
            8 | 9 => {
                let until = self.now + self.rng.between(100, 60_000);
                self.change_link("stalls", |_, link| link.stalled_until = until);
            }
            10 => self.truncate(),
            11 => {
                let keeps = self.rng.chance(50);
                self.note(|| {
                    format!("--- the server starts anew; it {} its streams", if keeps { "keeps" } else { "loses" })
                });
                self.server.restart(self.now, keeps);
                self.down = true;
                let after = self.rng.between(0, 30_000);
                self.at(after, Event::Repaired(Repair::Server));
            }
            12 | 13 => {
                self.note(|| "--- the server will not resume".into());
                link.into_iter().for_each(|id| self.reset(id));
                self.server.forget_streams();
            }
            14 => {
                self.note(|| "--- conflict".into());
                self.server.conflict();
            }
            15 | 16 => {
                self.note(|| "--- confirmations are held back".into());
                self.server.holds_acks = true;
                let after = self.rng.between(100, 20_000);
                self.at(after, Event::Repaired(Repair::Acks));
            }
            17 => {
                self.note(|| "--- no network".into());
                self.offline = true;
                if self.rng.chance(50) {
                    link.into_iter().for_each(|id| self.reset(id));
                } else {
                    self.change_link("goes silent", |_, link| (link.hole_up, link.hole_down) = (true, true));
                }
                if self.rng.chance(70) {
                    self.input(Input::Network { online: false });
                }
                let after = self.rng.between(100, 60_000);
                self.at(after, Event::Repaired(Repair::Network));
            }
            18 => self.input(Input::Woke),
            19 => {
                let until = self.now + self.rng.between(1_000, 400_000);
                self.note(|| format!("--- the machine sleeps until {until}"));
                self.asleep_until = until;
                self.until(until, Event::Repaired(Repair::Awake));
            }
            20 => {
                let off = self.rng.between(0, 4 * 86_400_000) as i64 - 2 * 86_400_000;
                self.note(|| format!("--- a clock is off by {off} ms"));
                *if self.rng.chance(50) { &mut self.skew } else { &mut self.server.skew } = off;
            }
            21 => {
                self.note(|| "--- the next message is refused".into());
                self.server.refuses = true;
            }
            22 => {
                self.note(|| "--- the server repeats itself".into());
                self.server.repeat();
            }
            23 | 24 => {
                if self.keeps || !self.variant.kept {
                    self.crash();
                }
            }
            _ => {
                if self.keeps && self.rng.chance(50) {
                    self.disk.fault = Some(*self.rng.pick(&[StoreFault::Full, StoreFault::Unavailable]));
                    self.note(|| "--- the store fails".into());
                    let after = self.rng.between(100, 30_000);
                    self.at(after, Event::Repaired(Repair::Store));
                }
            }
        }
    }

    fn change_link(&mut self, what: &str, change: impl FnOnce(&mut crate::rng::Rng, &mut crate::network::Link)) {
        let Some(id) = self.link else { return };
        self.note(|| format!("--- socket {id} {what}"));
        let mut rng = self.rng.fork();
        if let Some(link) = self.links.get_mut(&id) {
            change(&mut rng, link);
        }
    }

    /// The next frame for the page breaks off in the middle.
    fn truncate(&mut self) {
        let mut rng = self.rng.fork();
        self.change_link("breaks a frame in two", |_, link| {
            // One that was broken before may have nothing left to break.
            if let Some(Down::Frame(frame, note)) = link.down.front_mut()
                && frame.len() > 1
            {
                let at = (1 + rng.below(frame.len() as u64 - 1)) as usize;
                let at = (at..frame.len()).find(|at| frame.is_char_boundary(*at)).unwrap_or_default();
                frame.truncate(at);
                *note = None;
            }
        });
    }

    pub fn repair(&mut self, repair: Repair) {
        match repair {
            Repair::Acks => {
                self.server.holds_acks = false;
                self.server.confirm();
            }
            Repair::Server => self.down = false,
            Repair::Store => self.disk.fault = None,
            Repair::Network => {
                self.offline = false;
                if self.rng.chance(80) {
                    self.input(Input::Network { online: true });
                }
            }
            Repair::Awake => {
                if self.rng.chance(70) {
                    self.input(Input::Woke);
                }
            }
        }
    }

    /// Nothing goes wrong from here on, and nobody writes. A socket that is silent stays so until the page notices.
    pub fn calm(&mut self) {
        self.note(|| "--- quiet".into());
        self.quiet = true;
        self.server.refuses = false;
        for repair in [Repair::Acks, Repair::Server, Repair::Store, Repair::Network] {
            self.repair(repair);
        }
        self.links.values_mut().for_each(|link| link.resets_after = None);
        if self.variant.kept && self.unsafe_life {
            // What is on disk is there again when the user comes back.
            self.crash();
        }
    }
}
