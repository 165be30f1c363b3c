//! The Leptos views.

pub mod app;
pub mod client;
pub mod config;
