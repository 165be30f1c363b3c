//! The whole page.

use super::client::Client;
use super::config::PageConfig;

/// Shows the page and takes over the sign-in form that is already painted.
pub fn mount(_client: Client, _config: PageConfig) {}
