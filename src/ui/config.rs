//! What the operator of a copy set, as far as the views show it.

/// The part of `config.json` that the views use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageConfig {
    /// Completes an address typed without its domain.
    pub domain: Option<String>,
    /// The operator's WebSocket address; the field for one is hidden then.
    pub service: Option<String>,
    /// Whether guests are admitted without a password.
    pub guest: bool,
    /// Where guests come in, if that is not `domain`.
    pub guest_domain: Option<String>,
    /// The name shown in place of the product's.
    pub brand: Option<String>,
    /// Hosts from which pictures of contacts are shown without asking, beside those of the user's own server.
    pub picture_hosts: Vec<String>,
    /// Whether the page offers to make an account.
    pub registration: bool,
}

impl Default for PageConfig {
    fn default() -> Self {
        Self {
            domain: None,
            service: None,
            guest: false,
            guest_domain: None,
            brand: None,
            picture_hosts: Vec::new(),
            registration: true,
        }
    }
}
