//! The kinds of server and of page that are tried.

/// Whose ways an archive has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Ids are microseconds; an unknown one is read as a time.
    Ejabberd,
    /// Ids say nothing; after an unknown one there is nothing, and that is complete.
    Prosody,
    /// The same, but an unknown id is an error.
    ProsodySql,
}

#[derive(Clone, Copy, Debug)]
pub struct Variant {
    pub name: &'static str,
    pub archive: Option<Style>,
    /// Whether streams are managed (XEP-0198).
    pub sm: bool,
    /// The user lets the page keep things on this device.
    pub kept: bool,
}

const fn variant(name: &'static str, archive: Option<Style>, sm: bool, kept: bool) -> Variant {
    Variant { name, archive, sm, kept }
}

pub const ALL: [Variant; 11] = [
    variant("ejabberd-memory", Some(Style::Ejabberd), true, false),
    variant("prosody-memory", Some(Style::Prosody), true, false),
    variant("prosody-sql-memory", Some(Style::ProsodySql), true, false),
    variant("no-archive-memory", None, true, false),
    variant("no-sm-memory", Some(Style::Ejabberd), false, false),
    variant("bare-memory", None, false, false),
    variant("ejabberd-kept", Some(Style::Ejabberd), true, true),
    variant("prosody-kept", Some(Style::Prosody), true, true),
    // Here nothing but an honest `h` keeps an incoming message: the server forgets what was confirmed.
    variant("no-archive-kept", None, true, true),
    variant("no-sm-kept", Some(Style::Prosody), false, true),
    variant("bare-kept", None, false, true),
];
