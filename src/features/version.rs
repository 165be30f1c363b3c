//! XEP-0092: which software is this? The operating system is nobody's business.

use super::{Context, Feature};
use crate::wire::ns;
use crate::wire::stanza::{Iq, IqKind};
use crate::wire::xml::Element;

/// Tells name and version to those who see our presence.
#[derive(Debug, Default)]
pub struct Version;

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
