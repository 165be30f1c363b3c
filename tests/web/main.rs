//! The interface in a real browser, under the page's own style and a policy that refuses markup from text.
#![cfg(target_arch = "wasm32")]

mod account;
mod amendments;
mod chat;
mod desk;
mod desk_fixture;
mod drafts;
mod files;
mod fixture;
mod history;
mod lists;
mod login;
mod outbox;
mod page;
mod people;
mod room_fixture;
mod room_pictures;
mod rooms;
mod rooms_signs;
mod rooms_whisper;
mod search;
mod text;
mod visitor;
mod widget;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
