//! Real servers, real browsers: what a person can do with the page, done as a person would.
//!
//! Run by `scripts/steps.sh e2e`. One scene alone, with the variables of `scripts/README.md` set:
//! `cargo test --test e2e --features e2e -- part-of-its-name`. A scene that fails leaves a picture and the text of each
//! page in `$WAXWING_E2E_DIR/failures`.
//!
//! Scenes are independent: each makes its own people and opens browsers nobody used before. They share the servers,
//! save those that end one.

mod account;
mod amendments;
mod contacts;
mod converse;
mod desk;
mod faults;
mod federation;
mod files;
mod hostile;
mod hosting;
mod outage;
mod package;
mod people;
mod rooms;
mod roster;
mod search;
mod sign_in;
mod small;
mod stay;
mod support;
mod tabs;
mod talk;
mod widget;
mod wire;
