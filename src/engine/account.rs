//! The account itself: making one, changing its password, giving it up, inviting somebody to it.

use serde::{Deserialize, Serialize};

use super::Engine;
use super::command::Password;
use super::effect::Effect;
use super::sign_in::SignedIn;
use crate::clock::Now;
use crate::domain::account::{Account, Connection};
use crate::domain::change::{Change, Wish};
use crate::domain::contact::Contact;
use crate::domain::errand::Errand;
use crate::domain::problem::{Problem, Reason};
use crate::features::registration::Asked;
use crate::features::roster::Roster;
use crate::features::{Purpose, invitation, registration};
use crate::form::Answer;
use crate::jid::BareJid;
use crate::session::Filled;
use crate::session::sasl::Credentials;
use crate::wire::stanza_error::StanzaError;
use crate::wire::xml::Element;

/// One wish about the account itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Order {
    /// Ask a server what it wants to know before it makes an account. Only while nobody is signed in.
    Register {
        /// Which.
        domain: BareJid,
        /// The WebSocket address, if one is known; it is discovered otherwise.
        service: Option<String>,
        /// What an invitation gave.
        token: Option<String>,
    },
    /// Make the account, and sign in to it.
    Make {
        /// The part before the `@`, prepared.
        username: String,
        /// Prepared by the platform (RFC 7613 OpaqueString).
        password: Password,
        /// Everything else that was asked.
        answers: Vec<Answer>,
        /// Keep keys on this device, so that the next visit needs no password.
        remember: bool,
    },
    /// Stop doing any of this.
    Leave,
    /// Change the password of the account that is signed in.
    ChangePassword(Password),
    /// Give up the account that is signed in, and forget everything kept on this device.
    Remove,
    /// Add who invited us, ask to see them, and open the conversation.
    Accept {
        /// Whom.
        address: BareJid,
        /// The user's own name for them.
        name: Option<String>,
        /// What the invitation gave.
        token: Option<String>,
    },
    /// Ask whether the server makes invitations.
    LookForInvitations,
    /// Have the server make an invitation.
    Invite,
}

/// What is under way about the account that is signed in.
#[derive(Debug, Default)]
pub(super) struct UnderWay {
    /// The password that the server was asked to take.
    password: Option<Password>,
    /// The server was asked to remove the account.
    removal: bool,
}

impl Engine {
    /// Does what the user wishes about the account.
    pub(super) fn account(&mut self, now: Now, order: Order) {
        let is_signed_in = self.user.as_ref().is_some_and(|user| user.shown);
        match order {
            Order::Register { domain, service, token } if !is_signed_in => self.register(now, domain, service, token),
            Order::Make { username, password, answers, remember } if !is_signed_in => {
                if let Some(user) = &mut self.user {
                    user.account.remembered = remember;
                }
                let credentials = Credentials::Password(password.0, None);
                self.session.fill_in(now.instant, Filled { username, credentials, answers });
            }
            Order::Leave => {
                // Another page may have begun to sign in meanwhile.
                if !is_signed_in && self.session.is_signing_up() {
                    self.session.stop(now.instant);
                    self.reset();
                    self.change(Change::Connection(Connection::Offline));
                }
                self.change(Change::Errand(Errand::Idle));
            }
            Order::Register { .. } | Order::Make { .. } => {}
            _ if !is_signed_in => {}
            _ if !self.session.is_online() => self.change(Change::Errand(Errand::NotConnected)),
            Order::Accept { address, name, token } => self.accept(now, &address, name.as_deref(), token.as_deref()),
            order => {
                self.change(Change::Errand(Errand::Waiting));
                let under_way = &mut self.under_way;
                let work: &dyn Fn(&mut crate::features::Context<'_>) = match &order {
                    Order::ChangePassword(password) => {
                        under_way.password = Some(password.clone());
                        &|context| registration::change_password(context, &password.0)
                    }
                    Order::Remove => {
                        under_way.removal = true;
                        &registration::remove
                    }
                    Order::LookForInvitations => &invitation::look,
                    _ => &invitation::invite,
                };
                self.with_features(now, |_, context| work(context));
            }
        }
    }

    fn register(&mut self, now: Now, domain: BareJid, service: Option<String>, token: Option<String>) {
        self.reset();
        let domain = domain.domain_jid();
        let login = self.login(domain.clone(), Credentials::Guest, service.clone(), false);
        let account = Account { address: domain, device: None, remembered: false };
        self.user = Some(SignedIn::new(account, service, false));
        self.change(Change::Errand(Errand::Waiting));
        self.session.register(now.instant, login, token);
    }

    /// Making an account has come this far.
    pub(super) fn errand(&mut self, errand: Errand) {
        match (&errand, &mut self.user) {
            (Errand::Created(address), Some(user)) => user.account.address = address.clone(),
            (Errand::NoAccount(_), _) => self.reset(),
            _ => {}
        }
        self.change(Change::Errand(errand));
    }

    fn accept(&mut self, now: Now, address: &BareJid, name: Option<&str>, token: Option<&str>) {
        let known = self.domain.contacts.contact(address);
        // The server of an account that was made by invitation may have seen to it.
        let see_each_other =
            |contact: &Contact| contact.subscription.we_see_them() && contact.subscription.they_see_us();
        if !known.is_some_and(see_each_other) {
            let groups = known.map(|contact| contact.groups.clone()).unwrap_or_default();
            self.contact_wish(now, Wish::Add, address, |context| {
                Roster::set(context, Wish::Add, address, name, &groups);
                invitation::accept(context, address, token);
            });
        }
        self.domain.conversations.open(address);
    }

    /// The server answered, or will not.
    pub(super) fn account_answered(
        &mut self,
        now: Now,
        purpose: &Purpose,
        answer: Result<Option<&Element>, StanzaError>,
    ) {
        let errand = match (purpose, answer) {
            (Purpose::Invitation(asked), answer) => invitation::answered(*asked, answer),
            (Purpose::Registration(Asked::Password), Ok(_)) => {
                if let Some(password) = self.under_way.password.take() {
                    self.session.change_password(password.0);
                    // The keys that are kept are void. A new stream proves the new password and leaves new ones.
                    if self.user.as_ref().is_some_and(|user| user.account.remembered) {
                        self.session.renew(now.instant);
                    }
                }
                Errand::PasswordChanged
            }
            (Purpose::Registration(Asked::Remove), Ok(_)) => {
                self.session.stop(now.instant);
                return self.removed();
            }
            (_, Ok(_)) => return,
            (_, Err(error)) => {
                self.under_way = UnderWay::default();
                Errand::Refused(error.into())
            }
        };
        self.change(Change::Errand(errand));
    }

    /// Whether this is how a server ends the stream of an account that it was asked to remove.
    pub(super) const fn is_removal(&self, problem: &Problem) -> bool {
        self.under_way.removal
            && matches!(
                problem.reason,
                Reason::AuthRefused | Reason::WrongPassword | Reason::SignInAgain | Reason::Replaced
            )
    }

    /// The account is gone.
    pub(super) fn removed(&mut self) {
        self.reset();
        self.effect(Effect::Forget);
        self.change(Change::Account(None));
        self.change(Change::Connection(Connection::Offline));
        self.change(Change::Errand(Errand::Removed));
    }
}
