//! What of a stream is in safe hands, so that another page can go on with it.

use super::sasl::Credentials;
use super::sm::KeptStream;
use super::{Out, Session, State};
use crate::clock::Instant;
use crate::wire::framing;
use crate::wire::xml::Element;

impl Session {
    /// How many stanzas of the stream have arrived, modulo 2^32.
    pub const fn inbound(&self) -> u32 {
        self.sm.inbound()
    }

    /// The first so many stanzas of the stream are in safe hands: only these are confirmed to the server.
    pub fn commit(&mut self, inbound: u32) {
        if let Some(answer) = self.sm.commit(inbound)
            && self.is_online()
        {
            self.send_frame(&answer);
        }
    }

    /// Whether the server waits for a confirmation.
    pub const fn owes_answer(&self) -> bool {
        self.sm.owes()
    }

    /// What another page needs to go on with the stream, once the first so many stanzas are in safe hands.
    pub fn keep(&self, inbound: u32) -> Option<KeptStream> {
        self.sm.keep(inbound)
    }

    /// Tells the server whether anybody looks (XEP-0352).
    pub fn indicate(&mut self, element: &Element) {
        if self.is_online() {
            self.send_frame(element);
        }
    }

    /// Ends at once and without a word: another page goes on with the stream.
    pub fn abandon(&mut self) {
        self.state = State::Off;
        self.login = None;
        self.sm.forget();
        self.out.clear();
        self.out.push_back(Out::Disconnect);
    }

    /// The account has another password now.
    pub fn change_password(&mut self, password: String) {
        if let Some(login) = &mut self.login {
            login.credentials = Credentials::Password(password, None);
        }
    }

    /// Ends the stream in order, and begins another one at once.
    pub fn renew(&mut self, now: Instant) {
        if self.is_online() {
            self.send_frame(&framing::close());
            let uncertain = self.sm.give_up();
            self.uncertain(uncertain);
            self.out.push_back(Out::Disconnect);
            self.probing = false;
            self.long_answer = false;
            self.connect(now);
        } else {
            let uncertain = self.sm.give_up();
            self.uncertain(uncertain);
        }
    }
}
