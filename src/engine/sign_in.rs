//! Signing in and out: who the engine works for.

use super::account::UnderWay;
use super::command::Password;
use super::effect::{Effect, Remembered};
use super::keeping::Store;
use super::search::Search;
use super::{Engine, outbound};
use crate::clock::Now;
use crate::domain::account::{Account, Connection};
use crate::domain::change::{Change, Notice};

use crate::domain::problem::Problem;
use crate::features::{Domain, Features};
use crate::jid::{BareJid, FullJid};
use crate::session::Login;
use crate::session::sasl::Credentials;
use crate::session::scram::SavedKeys;

/// The account that signs in or is signed in.
#[derive(Debug)]
pub(super) struct SignedIn {
    pub(super) account: Account,
    /// The address that the user gave, to be remembered with the keys.
    service: Option<String>,
    /// Whether the views were told: they keep showing the sign-in form until it worked.
    pub(super) shown: bool,
    /// The views are told once the store has told what to show.
    pub(super) unseen: bool,
}

impl SignedIn {
    pub(super) const fn new(account: Account, service: Option<String>, known: bool) -> Self {
        Self { account, service, shown: known, unseen: known }
    }
}

impl Engine {
    /// Signs in with what the user typed.
    pub(super) fn log_in(
        &mut self,
        now: Now,
        address: BareJid,
        password: Password,
        service: Option<String>,
        remember: bool,
    ) {
        self.begin(now, address, Credentials::Password(password.0, None), service, remember, false);
    }

    /// Signs in as a guest.
    pub(super) fn log_in_as_guest(&mut self, now: Now, domain: BareJid, service: Option<String>) {
        self.begin(now, domain, Credentials::Guest, service, false, false);
    }

    /// Signs in with a token. Nothing of it is kept: whoever made it gives another one.
    pub(super) fn log_in_with_token(&mut self, now: Now, address: BareJid, token: Password, service: Option<String>) {
        self.begin(now, address, Credentials::Token(token.0), service, false, false);
    }

    /// Signs in with what an earlier visit kept. The network may be away: that is waited out in the open.
    pub(super) fn restore(&mut self, now: Now, remembered: Remembered) {
        let Remembered { address, service, keys } = remembered;
        self.begin(now, address, Credentials::Keys(keys), service, true, true);
    }

    fn begin(
        &mut self,
        now: Now,
        address: BareJid,
        credentials: Credentials,
        service: Option<String>,
        remember: bool,
        known: bool,
    ) {
        self.reset();
        let login = self.login(address.clone(), credentials, service.clone(), known);
        let account = Account { address, device: None, remembered: remember };
        self.user = Some(SignedIn::new(account.clone(), service, known));
        if known {
            // What was kept is shown first, and says where to go on.
            self.beginning = Some(login);
            self.open_store(account.address);
        } else {
            self.session.start(now.instant, login);
        }
    }

    /// How to sign in with this.
    pub(super) fn login(
        &self,
        account: BareJid,
        credentials: Credentials,
        service: Option<String>,
        known: bool,
    ) -> Login {
        let is_served = self.settings.domain.as_deref().is_none_or(|domain| domain == account.domain());
        let configured = self.settings.service.clone().filter(|_| is_served);
        Login {
            account,
            credentials,
            endpoints: service.or(configured).into_iter().collect(),
            allow_plain: self.settings.allow_plain,
            known,
            inherited: None,
        }
    }

    /// Ends the session for good, in order: others see us go, and the server forgets the stream.
    pub(super) fn log_out(&mut self, now: Now) {
        if self.session.is_online() {
            self.session.send(&outbound::farewell(), None);
        }
        self.follow_session(now);
        self.session.stop(now.instant);
        self.reset();
        self.effect(Effect::Forget);
        self.change(Change::Account(None));
        self.change(Change::Connection(Connection::Offline));
    }

    /// The server knows who we are.
    pub(super) fn authenticated(&mut self, keys: Option<SavedKeys>) {
        let Some(user) = self.user.as_mut().filter(|user| user.account.remembered) else { return };
        match keys {
            Some(keys) => {
                let user_address = user.account.address.clone();
                let remembered =
                    Remembered { address: user.account.address.clone(), service: user.service.clone(), keys };
                self.effect(Effect::Remember(Box::new(remembered)));
                // Only who has proven to be the user gets to see what an earlier visit kept.
                if matches!(self.store, Store::Off) {
                    let account = user_address;
                    self.open_store(account);
                }
            }
            // PLAIN leaves nothing that could be kept but the password, which never is.
            None => {
                user.account.remembered = false;
                self.domain.notices.push(Notice::NotRemembered);
            }
        }
    }

    /// The server gave this device its address: we are in.
    pub(super) fn admit(&mut self, device: &FullJid) {
        let Some(user) = &mut self.user else { return };
        let first = !std::mem::replace(&mut user.shown, true);
        user.account.address = device.bare().clone();
        user.account.device = Some(device.clone());
        let account = user.account.clone();
        self.change(Change::Account(Some(account)));
        if first {
            self.change(Change::OwnPresence(self.domain.own_presence.clone()));
        }
    }

    /// Signing in failed: the user must do it again.
    pub(super) fn rejected(&mut self, problem: Problem) {
        if self.is_removal(&problem) {
            return self.removed();
        }
        if self.user.as_ref().is_some_and(|user| user.account.remembered) {
            // What is kept of the account stays: it may have messages that are not sent yet.
            self.effect(Effect::ForgetKeys);
        }
        self.reset();
        self.change(Change::Account(None));
        self.change(Change::Connection(Connection::Failed(problem)));
    }

    /// Forgets everything of the last account.
    pub(super) fn reset(&mut self) {
        self.store = Store::Off;
        self.waking = None;
        self.search = Search::default();
        self.kept = None;
        self.beginning = None;
        self.deferred.clear();
        self.backward.clear();
        self.watch = super::rooms::Watch::default();
        self.asking = super::desk::Asking::default();
        self.sought.clear();
        self.settled = false;
        self.user = None;
        self.under_way = UnderWay::default();
        self.device = None;
        self.domain = Domain::default();
        self.features = Features::default();
        self.requests.abandon();
    }
}
