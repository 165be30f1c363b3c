//! What a user has, as plain data: account, contacts, conversations, messages. No XML, no signals, no clock.

pub mod account;
pub mod contact;
pub mod conversation;
pub mod fold;
pub mod presence;
pub mod problem;
pub mod timeline;
