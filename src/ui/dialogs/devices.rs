//! What is known of somebody's devices, and which time it is where they are.

use crate::domain::contact::Contact;
use crate::domain::presence::Device;
use crate::present::{person, text, wording};
use crate::ui::parts::avatar::presence_dot;
use crate::ui::parts::browser::{now, offset};
use crate::ui::parts::el::{IntoView, View, h3, li, p, span, ul};
use crate::ui::parts::icon::{CLOCK, icon};
use crate::ui::words;

/// The devices that are connected.
pub(super) fn devices(contact: &Contact) -> View {
    let devices: Vec<View> = contact.devices.iter().take(20).map(device).collect();
    let shown = if devices.is_empty() {
        p().class("help").child(words::NO_DEVICES).into_view()
    } else {
        ul().class("devices").child(devices).into_view()
    };
    (h3().child(words::DEVICES), shown).into_view()
}

fn device(device: &Device) -> View {
    let program = person::program(device);
    let mut state = wording::availability(device.availability).to_owned();
    if let Some(since) = device.idle_since {
        state = format!("{state} · {}", person::last_seen(since, now()));
    }
    // Beside the program its name tells two of a kind apart.
    if device.about.software.is_some() {
        state = format!("{state} · {}", text::name(&device.resource));
    }
    let status =
        device.status.as_deref().map(|status| span().class("line").attr("dir", "auto").child(text::name(status)));
    li().attr("data-testid", "device")
        .child((
            presence_dot(device.availability),
            span().class("lines").child((
                span().class("name").attr("dir", "auto").child(program),
                span().class("line").attr("dir", "auto").child(state),
                status,
            )),
        ))
        .into_view()
}

/// Which time it is there, if it is another one than here.
pub(super) fn local_time(contact: &Contact) -> Option<View> {
    let theirs = contact.devices.iter().find_map(|device| device.about.offset)?;
    let time = person::local_time(now(), theirs, offset())?;
    Some(p().class("fact").attr("data-testid", "local-time").child((icon(CLOCK), time)).into_view())
}
