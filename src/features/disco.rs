//! XEP-0030: what we are and can do; XEP-0115: the same in short, sent with presence.

use base64ct::{Base64, Encoding};
use sha1::{Digest, Sha1};

use super::{Context, Feature};
use crate::condition::Condition;
use crate::wire::ns;
use crate::wire::stanza::{Iq, IqKind, Presence};
use crate::wire::stanza_error::{ErrorKind, StanzaError};
use crate::wire::xml::Element;

/// Names the software in capabilities; not an address to go to.
const NODE: &str = "https://waxwing.im";
const CATEGORY: &str = "client";
const KIND: &str = "web";
const NAME: &str = "Waxwing";

/// Everything that this client announces, sorted as the hash wants it. A test holds it against what the
/// features say of themselves.
const FEATURES: [&str; 22] = [
    ns::CAPS,
    ns::CHAT_STATES,
    ns::DISCO_INFO,
    ns::MUC,
    ns::NICK,
    ns::NICK_NOTIFY,
    ns::VERSION,
    ns::CONFERENCE,
    ns::VISITS_NOTIFY,
    ns::BOOKMARKS_NOTIFY,
    ns::CARBONS,
    ns::MARKERS,
    ns::DISPLAYED_NOTIFY,
    ns::CORRECT,
    ns::RETRACT,
    ns::PING,
    ns::REACTIONS,
    ns::RECEIPTS,
    ns::REPLY,
    ns::SPOILER,
    ns::STYLING,
    ns::TIME,
];

/// Answers what we are and can do.
#[derive(Debug, Default)]
pub struct Disco;

/// The hash over identity and features (XEP-0115 §5.1).
fn verification() -> String {
    let mut text = format!("{CATEGORY}/{KIND}//{NAME}<");
    for feature in FEATURES {
        text.push_str(feature);
        text.push('<');
    }
    Base64::encode_string(&Sha1::digest(text.as_bytes()))
}

/// `<c/>`, which goes with every presence.
fn caps() -> Element {
    Element::new(ns::CAPS, "c").with("hash", "sha-1").with("node", NODE).with("ver", verification())
}

impl Feature for Disco {
    fn features(&self) -> &'static [&'static str] {
        &[
            ns::DISCO_INFO,
            ns::CAPS,
            ns::RECEIPTS,
            ns::CORRECT,
            ns::MARKERS,
            ns::SPOILER,
            ns::STYLING,
            ns::RETRACT,
            ns::REACTIONS,
            ns::REPLY,
        ]
    }

    fn decorate(&self, presence: &mut Presence) {
        presence.payloads.push(caps());
    }

    fn question(&mut self, context: &mut Context<'_>, question: &Iq, payload: &Element) -> bool {
        if !payload.is(ns::DISCO_INFO, "query")
            || !matches!(question.kind, IqKind::Get(_))
            || !context.may_see_us(question.from.as_ref())
        {
            return false;
        }
        let node = payload.attribute("node");
        if node.is_some_and(|node| node != format!("{NODE}#{}", verification())) {
            context.refuse(question, StanzaError::new(ErrorKind::Cancel, Condition::ItemNotFound));
            return true;
        }
        let identity =
            Element::new(ns::DISCO_INFO, "identity").with("category", CATEGORY).with("type", KIND).with("name", NAME);
        let mut query = Element::new(ns::DISCO_INFO, "query").with_some("node", node).child_with(identity);
        for feature in FEATURES {
            query.push(Element::new(ns::DISCO_INFO, "feature").with("var", feature));
        }
        context.answer(question, Some(query));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::Features;

    #[test]
    fn the_list_is_what_the_features_say_and_sorted() {
        let mut said: Vec<_> =
            Features::default().all().into_iter().flat_map(|feature| feature.features()).copied().collect();
        said.sort_unstable();
        assert_eq!(said, FEATURES);
    }
}
