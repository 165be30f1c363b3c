//! The defined conditions of a stanza error: the words in which one side of XMPP refuses another.

use serde::{Deserialize, Serialize};

macro_rules! conditions {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// The defined conditions of a stanza error (RFC 6120 §8.3.3).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Condition {
            $($(#[$doc])* $variant,)*
        }

        impl Condition {
            /// Every condition, in the order of the RFC.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name on the wire.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

conditions! {
    /// Not well formed for its purpose.
    BadRequest = "bad-request",
    /// Something of that name exists.
    Conflict = "conflict",
    /// The feature is not there.
    FeatureNotImplemented = "feature-not-implemented",
    /// Not permitted.
    Forbidden = "forbidden",
    /// The address has moved for good.
    Gone = "gone",
    /// The server's own fault.
    InternalServerError = "internal-server-error",
    /// Nobody and nothing of that name.
    ItemNotFound = "item-not-found",
    /// Not an address.
    JidMalformed = "jid-malformed",
    /// Does not meet the criteria of the receiver.
    NotAcceptable = "not-acceptable",
    /// Nobody may do that.
    NotAllowed = "not-allowed",
    /// Credentials are missing.
    NotAuthorized = "not-authorized",
    /// Against a local rule.
    PolicyViolation = "policy-violation",
    /// The receiver cannot be reached at the moment.
    RecipientUnavailable = "recipient-unavailable",
    /// Sent on to another address for now.
    Redirect = "redirect",
    /// Register first.
    RegistrationRequired = "registration-required",
    /// The other server does not exist.
    RemoteServerNotFound = "remote-server-not-found",
    /// The other server did not answer, or we did not get an answer in time.
    RemoteServerTimeout = "remote-server-timeout",
    /// Too busy.
    ResourceConstraint = "resource-constraint",
    /// The receiver does not offer that.
    ServiceUnavailable = "service-unavailable",
    /// Subscribe first.
    SubscriptionRequired = "subscription-required",
    /// None of the others.
    UndefinedCondition = "undefined-condition",
    /// Out of order.
    UnexpectedRequest = "unexpected-request",
}
