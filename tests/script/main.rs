//! Transcripts: what the client says and shows for what a server does, stanza by stanza.

mod amendments;
mod archive;
mod blocking;
mod contacts;
mod desk;
mod devices;
mod harness;
mod hostile;
mod keeping;
mod login;
mod messages;
mod people;
mod registration;
mod resumption;
mod rooms;
mod rooms_archive;
mod rooms_harness;
mod rooms_owner;
mod rooms_pace;
mod rooms_signs;
mod rooms_told;
mod rooms_whisper;
mod search;
mod upload;
