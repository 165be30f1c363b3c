//! What a user has, as plain data: account, contacts, conversations, messages. No XML, no signals, no clock.

pub mod account;
pub mod blocked;
pub mod change;
pub mod contact;
pub mod contacts;
pub mod conversation;
pub mod conversations;
pub mod desk;
pub mod errand;
pub mod face;
pub mod file;
pub mod fold;
pub mod invitation;
pub mod photo;
pub mod presence;
pub mod privacy;
pub mod problem;
pub mod room;
pub mod rooms;
pub mod search;
pub mod timeline;
pub mod upload;
