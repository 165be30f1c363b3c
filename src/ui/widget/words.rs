//! What `<waxwing-chat>` says beside what the conversation itself says.

/// Somebody is being reached for the first time.
pub(super) const CONNECTING: &str = "Connecting…";
/// Instead of the conversation, when there is none.
pub(super) const NO_CHAT: &str = "The chat is not available";
/// Begin again.
pub(super) const TRY_AGAIN: &str = "Try again";
/// The token that the page gave is not good, or no longer.
pub(super) const TOKEN_REFUSED: &str =
    "Your sign-in for this chat is no longer valid. Loading the page again may help.";
/// A token is needed, and the page gave none yet.
pub(super) const NO_TOKEN: &str = "Waiting for this page to sign you in…";
/// Messages flow, and nobody knows whether the other one is there.
pub(super) const CONNECTED: &str = "Connected";
/// A group chat, while nobody knows how many are there.
pub(super) const GROUP: &str = "Group chat";
/// A field of the form.
pub(super) const ADDRESS: &str = "Address";
/// A field of the form.
pub(super) const PASSWORD: &str = "Password";
/// The button of the form.
pub(super) const SIGN_IN: &str = "Sign in";
/// What was typed is none.
pub(super) const NO_ADDRESS: &str = "This is no whole address, like name@example.org.";
