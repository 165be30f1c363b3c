//! Addresses.

use proptest::prelude::*;
use waxwing::jid::{BareJid, FullJid, Jid};

use crate::cases;

/// Looks like an address, and is one often enough.
fn address() -> impl Strategy<Value = String> {
    prop_oneof![
        1 => any::<String>(),
        3 => "[a-zA-Zé\u{200b}\u{ad}@:'. ß]{0,5}@?[a-zA-Z0-9.\\-\u{200b}\u{3002}é:\\[\\]@]{1,8}(/[a-z@/ \u{200b}\u{1f426}]{0,4})?",
        1 => "\\[[0-9a-fA-F:.]{0,12}\\]?",
    ]
}

proptest! {
    #![proptest_config(cases(2_000))]

    /// An address is its own text: shown, stored and read again it is the same one.
    #[test]
    fn read_shown_and_read_again_is_the_same(text in address()) {
        if let Ok(jid) = text.parse::<Jid>() {
            let shown = jid.to_string();
            prop_assert_eq!(shown.parse::<Jid>(), Ok(jid.clone()), "{:?}", text);
            prop_assert_eq!(jid.bare().as_str().parse::<BareJid>(), Ok(jid.bare().clone()));
            prop_assert_eq!(shown.parse::<FullJid>().is_ok(), jid.resource().is_some());
            let local = jid.bare().local().map_or(String::new(), |local| format!("{local}@"));
            let resource = jid.resource().map_or(String::new(), |resource| format!("/{resource}"));
            prop_assert_eq!(shown, format!("{local}{}{resource}", jid.bare().domain()));
            prop_assert!(!jid.bare().domain().is_empty() && jid.bare().local() != Some(""));
        }
    }

    /// A resource put on a bare address cannot move into another part of it.
    #[test]
    fn a_resource_stays_a_resource(text in address(), resource in any::<String>()) {
        if let Ok(bare) = text.parse::<BareJid>()
            && let Ok(full) = bare.with_resource(&resource)
        {
            prop_assert_eq!(full.bare(), &bare);
            prop_assert_eq!(full.to_string().parse::<FullJid>(), Ok(full.clone()));
            prop_assert_eq!(full.resource(), resource);
        }
    }
}
