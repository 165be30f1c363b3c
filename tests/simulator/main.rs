//! The whole client against a model of a server, of the network, of a disk and of people, in virtual time. Everything
//! that happens comes out of one seed, so that whatever goes wrong can be had again:
//!
//! ```text
//! WAXWING_SEED=17 WAXWING_VARIANT=prosody-kept cargo test --test simulator
//! ```
//!
//! prints what happened. `WAXWING_STEPS` or `WAXWING_SECONDS` asks for a longer run (`make soak`).

mod archive;
mod disk;
mod faults;
mod invariants;
mod ledger;
mod network;
mod page;
mod people;
mod pictures;
mod rng;
mod saying;
mod scram;
mod searching;
mod server;
mod stream;
mod traffic;
mod variant;
mod watch;
mod world;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

use variant::{ALL, Variant};
use world::{Event, World};

/// Steps (inputs that the engine handled) of an ordinary run.
const STEPS: u64 = 1_000_000;
/// How long the world may take to come to rest, in virtual milliseconds.
const REST: u64 = 600_000;
/// How often somebody looks at everything once it is quiet, and how often the user does something about it.
const SLOW: u64 = 12_000;
const QUICK: u64 = 500;
/// The lines of a transcript that are shown.
const LINES: usize = 400;

/// One run: how many steps it took, and what was wrong.
fn run(variant: Variant, seed: u64, traced: bool) -> (u64, Vec<String>, Vec<String>) {
    let place = ALL.iter().position(|known| known.name == variant.name).unwrap() as u64;
    let mut world = World::new(variant, seed * 1_000 + place, traced);
    let length = 120_000 + world.rng.below(900_000);
    let mut wrong = Vec::new();
    let mut looks_at_rest = 0;
    world.until(length, Event::Look);
    while let Some(event) = world.step() {
        if event == Event::Look {
            if !world.quiet {
                world.calm();
                world.at(QUICK, Event::Tidy);
            }
            wrong = world.unsettled().into_iter().filter(|line| counts(line)).collect();
            wrong.extend(world.not_found());
            world.search();
            // Once more, a while later: nothing may come after all.
            looks_at_rest = if wrong.is_empty() { looks_at_rest + 1 } else { 0 };
            if looks_at_rest == 5 || world.now > length + REST {
                break;
            }
            world.at(SLOW, Event::Look);
        } else if event == Event::Tidy {
            world.tidy();
            world.at(QUICK, Event::Tidy);
        }
        if let Some(double) = world.doubles() {
            world.watch.complain(double);
        }
        world.watch.complaints.retain(|line| counts(line));
        if !world.watch.complaints.is_empty() {
            break;
        }
    }
    if !world.watch.complaints.is_empty() {
        wrong = world.watch.complaints.clone();
    }
    for line in &wrong {
        world.note(|| format!("WRONG: {line}"));
    }
    (world.steps, wrong, world.trace.unwrap_or_default())
}

/// Whether something wrong is to be told. What is known already can be set aside: `WAXWING_IGNORE=inversion,doubled`
fn counts(wrong: &str) -> bool {
    static IGNORED: OnceLock<Vec<String>> = OnceLock::new();
    let read = || std::env::var("WAXWING_IGNORE").unwrap_or_default().split(',').map(str::to_owned).collect();
    !IGNORED.get_or_init(read).iter().any(|known| !known.is_empty() && wrong.contains(known))
}

/// The same, and a panic is wrong, too.
fn run_safely(variant: Variant, seed: u64) -> (u64, Vec<String>) {
    catch_unwind(AssertUnwindSafe(|| run(variant, seed, false)))
        .map(|(steps, wrong, _)| (steps, wrong))
        .unwrap_or_else(|_| (0, vec!["panic".into()]))
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn variants() -> Vec<Variant> {
    let wanted = std::env::var("WAXWING_VARIANT").ok();
    ALL.into_iter().filter(|variant| wanted.as_ref().is_none_or(|wanted| variant.name == wanted)).collect()
}

#[test]
fn nothing_is_lost_or_doubled_and_order_and_ticks_are_true() {
    if let Some(seed) = number("WAXWING_SEED") {
        return replay(seed);
    }
    let (steps, seconds) = (number("WAXWING_STEPS"), number("WAXWING_SECONDS"));
    let most = steps.unwrap_or(if seconds.is_some() { u64::MAX } else { STEPS });
    let end = seconds.map(|seconds| Instant::now() + Duration::from_secs(seconds));
    let first = number("WAXWING_FIRST").unwrap_or(1);
    let variants = variants();
    let (next, done, stop) = (AtomicU64::new(0), AtomicU64::new(0), AtomicBool::new(false));
    let failures = Mutex::new(Vec::new());
    let began = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    let variant = variants[(place % variants.len() as u64) as usize];
                    let seed = first + place / variants.len() as u64;
                    let (steps, wrong) = run_safely(variant, seed);
                    let all = done.fetch_add(steps, Ordering::Relaxed) + steps;
                    let late = end.is_some_and(|end| Instant::now() >= end);
                    if !wrong.is_empty() {
                        let mut failures = failures.lock().unwrap();
                        failures.push((variant, seed, wrong));
                        stop.fetch_or(
                            failures.len() as u64 >= number("WAXWING_FAILURES").unwrap_or(10),
                            Ordering::Relaxed,
                        );
                    }
                    stop.fetch_or(all >= most || late, Ordering::Relaxed);
                }
            });
        }
    });
    let failures = failures.into_inner().unwrap();
    let (steps, time) = (done.into_inner(), began.elapsed().as_secs_f64());
    println!(
        "{steps} steps in {time:.1} s ({:.0} a second), {} runs of {} variants, {} failures",
        steps as f64 / time,
        next.into_inner(),
        variants.len(),
        failures.len()
    );
    for (variant, seed, wrong) in &failures {
        println!("WAXWING_SEED={seed} WAXWING_VARIANT={}: {}", variant.name, wrong.join("; "));
    }
    if let Some((variant, seed, wrong)) = failures.first() {
        show(*variant, *seed);
        panic!("seed {seed}, {}: {}", variant.name, wrong.join("\n"));
    }
}

fn show(variant: Variant, seed: u64) {
    let Ok((_, _, trace)) = catch_unwind(|| run(variant, seed, true)) else { return };
    println!("\n{} with seed {seed}:", variant.name);
    for line in &trace[trace.len().saturating_sub(number("WAXWING_LINES").map_or(LINES, |lines| lines as usize))..] {
        println!("{line}");
    }
    println!("\nAgain: WAXWING_SEED={seed} WAXWING_VARIANT={} cargo test --test simulator\n", variant.name);
}

fn replay(seed: u64) {
    for variant in variants() {
        show(variant, seed);
        let (steps, wrong) = run_safely(variant, seed);
        assert!(wrong.is_empty(), "{}, {steps} steps: {}", variant.name, wrong.join("\n"));
    }
}
