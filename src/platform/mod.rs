//! Each browser power behind one small file. Everything that waits, reads a clock, draws a random number or
//! talks to the world is here; what it learns goes into the engine as an [`Input`](crate::engine::Input).

pub mod banner;
pub mod clock;
pub mod config;
pub mod delivery;
pub mod discovery;
pub mod driver;
pub mod embed;
mod fetch;
mod idb;
mod listener;
pub mod random;
mod record;
mod seal;
mod sealed;
pub mod socket;
pub mod store;
pub mod stretch;
pub mod surroundings;
pub mod tabs;
mod task;
mod timeout;
pub mod unicode;
pub mod upload;
pub mod vault;
