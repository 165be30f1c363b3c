//! Transcripts: what the client says and shows for what a server does, stanza by stanza.

mod archive;
mod contacts;
mod devices;
mod harness;
mod hostile;
mod keeping;
mod login;
mod messages;
mod registration;
mod resumption;
