//! What people read about making an account, changing its password and giving it up. No word of the protocol stands in
//! here.

use super::{text, wording};
use crate::domain::errand::Fault;
use crate::domain::problem::{Condition, Refusal};

/// Why there is no account (yet).
pub fn fault(fault: &Fault) -> String {
    match fault {
        Fault::NotOffered => "This server does not make accounts from here. Ask who runs it.".to_owned(),
        Fault::InvitationRefused => "The server does not take this invitation: it may be used up or too old.".to_owned(),
        Fault::Refused(refusal) => said(
            match refusal.condition {
                Condition::Conflict => "This name is taken. Choose another one.",
                Condition::NotAcceptable | Condition::BadRequest => {
                    "The server does not accept what was entered. Check it."
                }
                Condition::JidMalformed => "This name cannot be part of an address. Choose another one.",
                Condition::NotAllowed | Condition::Forbidden | Condition::NotAuthorized => {
                    "The server does not allow it."
                }
                Condition::ResourceConstraint | Condition::PolicyViolation => {
                    "The server makes no further accounts from here for now. Try again later."
                }
                condition => wording::condition(condition),
            },
            refusal,
        ),
        Fault::AskedAgain => "The server asks anew. Check what is entered, and send it again.".to_owned(),
        Fault::Uncertain => {
            "The connection broke while the account was being made. Send it again; if the name is taken then, it may be \
             yours already: go back and sign in."
                .to_owned()
        }
        Fault::Connection(problem) => wording::problem(problem),
    }
}

/// Why the password was not changed, the account not removed, or nobody invited.
pub fn refused(refusal: &Refusal) -> String {
    said(
        match refusal.condition {
            Condition::NotAllowed
            | Condition::Forbidden
            | Condition::NotAuthorized
            | Condition::ServiceUnavailable
            | Condition::FeatureNotImplemented
            | Condition::RegistrationRequired => "The server does not allow it.",
            Condition::NotAcceptable | Condition::BadRequest => "The server does not accept it.",
            Condition::RemoteServerTimeout => "The server did not answer. It may have been done or not: try again.",
            condition => wording::condition(condition),
        },
        refusal,
    )
}

fn said(what: &str, refusal: &Refusal) -> String {
    match &refusal.text {
        Some(words) => format!("{what} The server says: “{}”", text::name(words)),
        None => what.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_has_words_and_what_the_server_wrote_is_told_as_its_own() {
        for &condition in Condition::ALL {
            let refusal = Refusal { condition, text: Some("why".into()) };
            for told in [fault(&Fault::Refused(refusal.clone())), refused(&refusal)] {
                assert!(told.ends_with(" The server says: “why”"), "{told}");
                let lower = told.to_lowercase();
                assert!(
                    !["jid", "stanza", "xmpp", "condition", "registr"].iter().any(|word| lower.contains(word)),
                    "{told}"
                );
            }
        }
        let taken = Refusal { condition: Condition::Conflict, text: None };
        assert_eq!(fault(&Fault::Refused(taken)), "This name is taken. Choose another one.");
    }
}
