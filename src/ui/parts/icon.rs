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
pub(crate) const SMILE: Icon = "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.200 14.200c.8 1.300 2.200 2.100 3.800 2.100s3-.8 3.800-2.100M9 9.500v.6M15 9.500v.6";
pub(crate) const SORT: Icon = "M4 7h16M7 12h10M10 17h4";
pub(crate) const CLOCK: Icon = "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7.500V12l3 2";
pub(crate) const TICK: Icon = "M5 12.500l4.500 4.500L19 7";
pub(crate) const TICKS: Icon = "M2 12.500l4.500 4.500L16 7M12 16.200l.8.800L22 7";
pub(crate) const WARNING: Icon = "M12 4L2.800 19.500h18.400zM12 10v4.500M12 17v.01";
pub(crate) const UP: Icon = "M12 19.500V5M5.500 11.500L12 5l6.500 6.500";
pub(crate) const PEN: Icon = "M4 20l1-4.500L16 4.500a2.100 2.100 0 0 1 3 0l.5.500a2.100 2.100 0 0 1 0 3L8.500 19 4 20z";
pub(crate) const PIN: Icon = "M9 4h6l-.8 6 3.300 3.500h-11L9.800 10zM12 13.500V20";
pub(crate) const MUTED: Icon = "M6 16.500V11a6 6 0 0 1 9.800-4.600M18 10.500v6H7.500M10 19.500a2 2 0 0 0 4 0M4 4l16 16";
pub(crate) const BOX: Icon = "M4 5h16v4H4zM5.500 9v10h13V9M10 13h4";
pub(crate) const HAND: Icon = "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM5.700 5.700l12.600 12.600";
pub(crate) const BIN: Icon = "M5 7h14M10 7V4.500h4V7M7 7l.8 12.500h8.400L17 7";
pub(crate) const INFO: Icon = "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5.500M12 7.500v.01";

pub(crate) const REPLY: Icon = "M10 7L4.500 12l5.500 5M5 12h8c4 0 6.500 2 6.500 6";
pub(crate) const COPY: Icon = "M9 9h10.500v10.500H9zM5.500 15H4.500V4.500H15v1";
pub(crate) const FORWARD: Icon = "M14 7l5.500 5-5.500 5M19 12h-8c-4 0-6.500 2-6.500 6";

pub(crate) const CLIP: Icon = "M19.500 11.500l-7.600 7.600a4.700 4.700 0 0 1-6.700-6.700l8-8a3.100 3.100 0 0 1 4.400 4.400l-7.900 7.900a1.500 \
1.500 0 0 1-2.100-2.100l7-7";
pub(crate) const FILE: Icon = "M13.500 3.500H7a1.500 1.500 0 0 0-1.500 1.500v14A1.500 1.500 0 0 0 7 20.500h10a1.500 1.500 0 0 0 1.500-1.500V8.500zM13.500 3.500v5h5";
pub(crate) const RETRY: Icon = "M19 12a7 7 0 1 1-2.200-5.100L19 9M19 4v5h-5";
pub(crate) const EYE: Icon = "M2.500 12C4.500 8 8 6 12 6s7.500 2 9.500 6c-2 4-5.500 6-9.500 6s-7.500-2-9.500-6zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 \
0 6z";
pub(crate) const LOCK: Icon = "M7.500 11V8a4.500 4.500 0 0 1 9 0v3M5.500 11h13v9h-13z";
pub(crate) const LID: Icon = "M4 20L20 4";

/// Draws an icon. It is decoration: the words stand in the label of what holds it.
pub(crate) fn icon(shape: Icon) -> El {
    El::drawing("0 0 24 24", shape).class("icon")
}
