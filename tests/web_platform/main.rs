//! The browser's powers, tried in a real browser.
#![cfg(target_arch = "wasm32")]

mod banner;
mod clock;
mod config;
mod delivery;
mod discovery;
mod driver;
mod page;
mod socket;
mod store;
mod stretch;
mod surroundings;
mod tabs;
mod unicode;
mod upload;
mod vault;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
