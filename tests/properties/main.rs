//! Properties that hold for every input, tried on many generated ones.
//!
//! A failure prints the smallest input that shows it. Nothing is kept between runs: an input that once failed
//! belongs into the ordinary test of the part it broke.

mod addresses;
mod differential;
mod generate;
mod limits;
mod rooms;
mod search;
mod stanzas;
mod texts;
mod times;
#[path = "../judge/tree.rs"]
mod tree;
mod trees;

use proptest::test_runner::Config;

/// How many inputs a property is tried on. Small, so that nobody hesitates to run the tests; the variable
/// `PROPTEST_CASES` asks for more.
fn cases(number: u32) -> Config {
    let number = std::env::var("PROPTEST_CASES").ok().and_then(|wanted| wanted.parse().ok()).unwrap_or(number);
    Config { cases: number, failure_persistence: None, ..Config::default() }
}
