//! The browser's reports of policy violations, kept so that a test can ask whether there was any.

use std::sync::{Mutex, PoisonError};

/// More than any test needs; a page that reports without end cannot fill the memory.
const MOST: usize = 1000;

#[derive(Default)]
pub struct Reports(Mutex<Vec<String>>);

impl Reports {
    pub fn add(&self, report: String) {
        eprintln!("policy violation: {report}");
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() < MOST {
            all.push(report);
        }
    }

    /// A JSON list of the reports, each as the browser sent it.
    pub fn to_json(&self) -> String {
        format!("[{}]", self.0.lock().unwrap_or_else(PoisonError::into_inner).join(","))
    }
}
