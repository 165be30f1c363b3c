//! Each browser power behind one small file.
