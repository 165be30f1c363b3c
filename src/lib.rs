//! Waxwing: an XMPP client that runs in a browser.
//!
//! The layers, lowest first; each may know only those before it, with the exceptions told in `ARCHITECTURE.md`
//! and held by `tests/layers.rs`:
//!
//! - [`jid`], [`clock`], [`condition`], [`form`], [`map`]: addresses, points in time, refusals and forms, the words that
//!   every layer uses.
//! - [`config`]: the keys of `config.json`, for their reader and for their reference.
//! - [`wire`]: XML to types and back. Knows no session.
//! - [`session`]: one stream's life, from socket to online.
//! - [`domain`]: what the user has, as plain data. Knows no XML.
//! - [`features`]: one file per XEP or tight family.
//! - [`engine`]: the one door; owns session, features and domain.
//! - [`present`]: pure view logic.
//! - `platform`, `ui`: the browser. Compiled for wasm32 only, so the compiler keeps the browser out of the core.
#![forbid(unsafe_code)]
#![warn(missing_docs)]
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    clippy::unreachable,
    clippy::todo
)]

pub mod clock;
pub mod condition;
pub mod config;
pub mod domain;
pub mod engine;
pub mod features;
pub mod form;
pub mod jid;
pub mod map;
pub mod order;
pub mod present;
pub mod session;
pub mod wire;

#[cfg(target_arch = "wasm32")]
pub mod platform;
#[cfg(target_arch = "wasm32")]
pub mod ui;
