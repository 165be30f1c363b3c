//! A session against a scripted server.
