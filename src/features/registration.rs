//! XEP-0077 §3.2 and §3.3: giving up the account that is signed in, and changing its password. Making one comes before
//! there is anybody to work for: [`crate::session::Session::register`].

use super::{Context, Purpose};
use crate::wire::ns;
use crate::wire::stanza::IqKind;
use crate::wire::xml::Element;

/// What the server was asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Take another password.
    Password,
    /// Remove the account.
    Remove,
}

/// Asks the server to take another password, which was prepared.
pub fn change_password(context: &mut Context<'_>, password: &str) {
    let username = context.me.bare().local().unwrap_or_default();
    let query = Element::new(ns::REGISTER, "query")
        .child_with(Element::new(ns::REGISTER, "username").text_with(username))
        .child_with(Element::new(ns::REGISTER, "password").text_with(password));
    let server = context.me.bare().domain_jid();
    context.ask_of(server.into(), IqKind::Set(query), Purpose::Registration(Asked::Password));
}

/// Asks the server to remove the account. It may end the stream before it answers.
pub fn remove(context: &mut Context<'_>) {
    let query = Element::new(ns::REGISTER, "query").child_with(Element::new(ns::REGISTER, "remove"));
    let server = context.me.bare().domain_jid();
    context.ask_of(server.into(), IqKind::Set(query), Purpose::Registration(Asked::Remove));
}
