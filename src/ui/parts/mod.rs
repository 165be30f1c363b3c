//! Small pieces that several screens share.

pub(crate) mod avatar;
pub(crate) mod browser;
pub(crate) mod dialog;
pub(crate) mod el;
pub(crate) mod icon;
pub(crate) mod live;
pub(crate) mod menu;
pub(crate) mod outside;
pub(crate) mod password;
pub(crate) mod press;
pub(crate) mod state;
pub(crate) mod toasts;
pub(crate) mod window_list;
