//! XEP-0492: of what in a group chat the user wants to hear, shared between devices beside the bookmark.

use crate::domain::conversation::Notify;
use crate::wire::ns;
use crate::wire::xml::Element;

/// Settings of one conversation that are looked at.
const MOST: usize = 50;

/// What the settings beside a bookmark say to a program like this one: the most particular of them counts (§3).
pub fn of(foreign: &[Element]) -> Option<Notify> {
    let settings = foreign.iter().find(|child| is_extensions(child))?.child(ns::NOTIFICATION_SETTINGS, "notify")?;
    chosen(settings).map(|(_, notify)| notify)
}

/// The same with another setting. Of what others put there only the one that counts here is another one: its name
/// changes, and what is in it stays. `None`, if it says so already.
pub fn set(foreign: &[Element], notify: Notify) -> Option<Vec<Element>> {
    if of(foreign) == Some(notify) {
        return None;
    }
    let known = foreign.iter().find(|child| is_extensions(child));
    let settings = known.and_then(|known| known.child(ns::NOTIFICATION_SETTINGS, "notify"));
    let place = settings.and_then(chosen).map(|(place, _)| place);
    let mut changed = Element::new(ns::NOTIFICATION_SETTINGS, "notify");
    for (at, child) in settings.into_iter().flat_map(Element::children).enumerate() {
        changed.push(if Some(at) == place { renamed(child, notify) } else { child.clone() });
    }
    if place.is_none() {
        changed.push(Element::new(ns::NOTIFICATION_SETTINGS, name_of(notify)));
    }
    let mut extensions = Element::new(ns::BOOKMARKS, "extensions");
    let others = known.into_iter().flat_map(Element::children);
    others
        .filter(|child| !child.is(ns::NOTIFICATION_SETTINGS, "notify"))
        .for_each(|child| extensions.push(child.clone()));
    extensions.push(changed);
    let rest = foreign.iter().filter(|child| !is_extensions(child)).cloned();
    Some(rest.chain([extensions]).collect())
}

fn is_extensions(child: &Element) -> bool {
    child.is(ns::BOOKMARKS, "extensions")
}

const fn name_of(notify: Notify) -> &'static str {
    match notify {
        Notify::All => "always",
        Notify::Mentions => "on-mention",
        Notify::Nothing => "never",
    }
}

/// The setting that counts here, and its place.
fn chosen(settings: &Element) -> Option<(usize, Notify)> {
    let all = [Notify::All, Notify::Mentions, Notify::Nothing];
    let fits = |(place, child): (usize, &Element)| {
        let known = all.into_iter().find(|notify| child.is(ns::NOTIFICATION_SETTINGS, name_of(*notify)))?;
        let rank = match (child.attribute("identity-category"), child.attribute("identity-type")) {
            (None, None) => 0,
            (Some("client"), None) => 1,
            (Some("client"), Some("web")) => 2,
            _ => return None,
        };
        Some((rank, place, known))
    };
    let fitting = settings.children().take(MOST).enumerate().filter_map(fits);
    fitting.max_by_key(|(rank, ..)| *rank).map(|(_, place, notify)| (place, notify))
}

/// A setting under another name.
fn renamed(setting: &Element, notify: Notify) -> Element {
    let mut other = Element::new(ns::NOTIFICATION_SETTINGS, name_of(notify));
    for name in ["identity-category", "identity-type"] {
        if let Some(value) = setting.attribute(name) {
            other.set(name, value);
        }
    }
    setting.children().for_each(|child| other.push(child.clone()));
    other
}
