//! Real servers, real browsers: what a person can do with the page, done as a person would.
//!
//! Run by `scripts/steps.sh e2e`; one scene alone by `scripts/steps.sh e2e` after `export E2E=part-of-its-name`.

mod contacts;
mod federation;
mod hostile;
mod outage;
mod roster;
mod sign_in;
mod small;
mod stay;
mod support;
mod talk;
mod wire;
