//! What scenes are played with.

pub mod archive;
pub mod browser;
pub mod converse;
pub mod host;
pub mod http;
mod keyboard;
pub mod page;
pub mod peer;
pub mod place;
mod processes;
pub mod proxy;
pub mod server;
pub mod shop;
pub mod site;
pub mod stage;
pub mod wait;
pub mod world;

pub use page::{about, by_hook};
pub use stage::{Stage, scene};
