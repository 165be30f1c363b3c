//! Pure view logic: what a screen shows and where, without a screen.

pub mod account;
pub mod colour;
pub mod contact_rows;
pub mod dates;
pub mod grouping;
pub mod rich_text;
pub mod text;
pub mod window;
pub mod wording;
