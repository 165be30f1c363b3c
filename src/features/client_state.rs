//! XEP-0352: tells the server whether anybody looks, so that it may hold back what can wait.

use crate::wire::ns;
use crate::wire::xml::Element;

/// `<active/>` or `<inactive/>`. A stream begins as active, and a resumed one does again (XEP-0352 §4).
pub fn indication(visible: bool) -> Element {
    Element::new(ns::CSI, if visible { "active" } else { "inactive" })
}
