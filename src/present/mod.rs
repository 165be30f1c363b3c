//! Pure view logic: what a screen shows and where, without a screen.

pub mod account;
pub mod colour;
pub mod contact_rows;
pub mod conversation_rows;
pub mod dates;
pub mod desk;
pub mod emoji;
pub mod files;
pub mod grouping;
pub mod participants;
pub mod person;
pub mod rich_text;
pub mod rooms;
pub mod spoiler;
pub mod text;
pub mod transcript;
pub mod window;
pub mod wording;
