//! Plain data built only by applying changes.
