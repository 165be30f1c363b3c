//! XEP-0092: which software is this? The operating system is nobody's business.

use super::{Context, Feature, Purpose};
use crate::jid::FullJid;
use crate::wire::ns;
use crate::wire::stanza::{Iq, IqKind};
use crate::wire::stanza_error::StanzaError;
use crate::wire::xml::Element;

/// Characters of a version that are kept.
const VERSION: usize = 60;

/// The device that was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked(FullJid);

/// Tells name and version to those who see our presence.
#[derive(Debug, Default)]
pub struct Version;

impl Version {
    /// Asks a device which version its program is.
    pub fn ask(context: &mut Context<'_>, device: FullJid) {
        let query = Element::new(ns::VERSION, "query");
        context.ask_of(device.clone().into(), IqKind::Get(query), Purpose::Version(Asked(device)));
    }

    /// Its answer.
    pub fn answered(context: &mut Context<'_>, asked: &Asked, answer: Result<Option<&Element>, StanzaError>) {
        let query = answer.ok().flatten().filter(|query| query.is(ns::VERSION, "query"));
        let version = query.and_then(|query| query.child(ns::VERSION, "version"));
        let version: String =
            version.map_or_else(String::new, |version| version.text().trim().chars().take(VERSION).collect());
        if !version.is_empty() {
            context.domain.contacts.tell_about(&asked.0, |about| about.version = Some(version));
        }
    }
}

impl Feature for Version {
    fn features(&self) -> &'static [&'static str] {
        &[ns::VERSION]
    }

    fn question(&mut self, context: &mut Context<'_>, question: &Iq, payload: &Element) -> bool {
        let ours = payload.is(ns::VERSION, "query")
            && matches!(question.kind, IqKind::Get(_))
            && context.may_see_us(question.from.as_ref());
        if ours {
            let field = |name, text| Element::new(ns::VERSION, name).text_with(text);
            let query = Element::new(ns::VERSION, "query")
                .child_with(field("name", "Waxwing"))
                .child_with(field("version", env!("CARGO_PKG_VERSION")));
            context.answer(question, Some(query));
        }
        ours
    }
}
