//! Line icons, drawn for this client on a grid of 24.

use super::el::El;

/// An icon: the strokes of one path.
pub(crate) type Icon = &'static str;

pub(crate) const BACK: Icon = "M15 5l-7 7 7 7";
pub(crate) const CHATS: Icon = "M5 5h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-8l-5 4v-4H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2z";
pub(crate) const PEOPLE: Icon = "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.500 20c0-3.600 2.900-6 6.500-6s6.500 2.400 \
6.500 6M16 4.300a3.500 3.500 0 0 1 0 6.400M18 14.500c2.200.8 3.500 2.900 3.500 5.500";
pub(crate) const PLUS: Icon = "M12 5v14M5 12h14";
pub(crate) const SEARCH: Icon = "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l4.500 4.500";
pub(crate) const SEND: Icon =
    "M5 12V5.200c0-.9.9-1.400 1.700-1l13 6.900c.8.4.8 1.500 0 1.900l-13 6.900c-.8.4-1.700-.2-1.700-1V12h8";
pub(crate) const DOWN: Icon = "M6 9l6 6 6-6";
pub(crate) const CLOSE: Icon = "M6 6l12 12M18 6L6 18";
pub(crate) const MORE: Icon =
    "M12 4.900a.6.600 0 1 0 .01 0zM12 11.400a.6.600 0 1 0 .01 0zM12 17.900a.6.600 0 1 0 .01 0z";
pub(crate) const SORT: Icon = "M4 7h16M7 12h10M10 17h4";
pub(crate) const CLOCK: Icon = "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7.500V12l3 2";
pub(crate) const TICK: Icon = "M5 12.500l4.500 4.500L19 7";
pub(crate) const TICKS: Icon = "M2 12.500l4.500 4.500L16 7M12 16.200l.8.800L22 7";
pub(crate) const WARNING: Icon = "M12 4L2.800 19.500h18.400zM12 10v4.500M12 17v.01";
pub(crate) const UP: Icon = "M12 19.500V5M5.500 11.500L12 5l6.500 6.500";
pub(crate) const EYE: Icon = "M2.500 12C4.500 8 8 6 12 6s7.500 2 9.500 6c-2 4-5.500 6-9.500 6s-7.500-2-9.500-6zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 \
0 6z";
pub(crate) const LID: Icon = "M4 20L20 4";

/// Draws an icon. It is decoration: the words stand in the label of what holds it.
pub(crate) fn icon(shape: Icon) -> El {
    El::drawing("0 0 24 24", shape).class("icon")
}
