//! What was measured, as text.

use std::fmt::Write as _;

use crate::measure::{Cost, median, middle};

/// The lines so far.
#[derive(Default)]
pub struct Table(pub String);

impl Table {
    pub fn line(&mut self, what: &str, value: &str) {
        println!("{what:<74} {value}");
        let _ = writeln!(self.0, "    {what:<74} {value}");
    }

    pub fn costs(&mut self, what: &str, costs: &[Cost]) {
        self.line(&format!("{what}: main thread"), &format!("{:.0} ms", median(costs, |cost| cost.main_thread)));
        let (script, layout) = (median(costs, |cost| cost.script), median(costs, |cost| cost.layout));
        self.line("    of that in the program / for style and layout", &format!("{script:.0} / {layout:.0} ms"));
        self.line(&format!("{what}: longest task"), &format!("{:.0} ms", median(costs, |cost| cost.longest_task)));
        self.line(&format!("{what}: until seen"), &format!("{:.0} ms", median(costs, |cost| cost.wall)));
    }

    /// The middle of what was measured several times, and between what it lay.
    pub fn spread(&mut self, what: &str, unit: &str, values: &[f64]) {
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let between = if values.len() > 1 { format!(" ({least:.0} to {most:.0})") } else { String::new() };
        self.line(what, &format!("{:.0} {unit}{between}", middle(values)));
    }

    /// A heading.
    pub fn part(&mut self, what: &str) {
        self.line("", "");
        self.line(what, "");
    }
}
