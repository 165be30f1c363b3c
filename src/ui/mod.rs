//! The Leptos views.
//!
//! Views are written with the builder of Leptos (`div().class(…).child(…)`), not with `view!`: the macro puts
//! subtrees without a dynamic part through `<template>.innerHTML`, which `require-trusted-types-for 'script'` refuses.
//! The builder creates every node one by one, so no text of ours or of anybody else is ever parsed as markup.
//!
//! What others wrote reaches the page as text nodes and `data-*` values only.

pub mod app;
pub mod client;
pub mod config;

mod account_words;
mod chat;
mod contacts;
mod conversations;
mod desk;
mod desk_words;
mod dialogs;
mod emoji;
mod form;
mod idle;
mod invitation;
mod login;
mod page;
mod parts;
mod room_words;
mod rooms;
mod search;
mod shell;
mod sidebar;
mod sign_up;
mod title;
pub mod uploads;
pub mod widget;
mod words;
