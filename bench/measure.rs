//! What something costs the page's main thread.

use serde_json::{Value, json};

use crate::support::page::Page;

/// What one thing cost, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// Work of the page's main thread, painting included.
    pub main_thread: f64,
    /// The part of it in which the program and its callbacks ran.
    pub script: f64,
    /// The part of it in which the browser found out what looks how and where.
    pub layout: f64,
    /// The longest piece of it in one go; 0 if none was longer than 50 ms.
    pub longest_task: f64,
    /// By the clock, from the last moment before it began until it was seen.
    pub wall: f64,
}

/// What was known when something began.
pub struct Start {
    work: Work,
}

/// How long the main thread has worked, in milliseconds.
#[derive(Clone, Copy, Debug, Default)]
struct Work {
    all: f64,
    script: f64,
    layout: f64,
}

/// Looks out for `done` (the body of a function) to become true, at every change of the page. The clock runs from
/// the next click, or from now on.
pub async fn watch(page: &Page, done: &str) -> Start {
    page.script(&format!(
        "const done = () => {{ {done} }};
        const mark = window.__mark = {{ start: performance.now(), end: null, longest: 0 }};
        addEventListener('click', () => mark.start = performance.now(), {{ capture: true, once: true }});
        new PerformanceObserver(list => {{
            for (const task of list.getEntries()) mark.longest = Math.max(mark.longest, task.duration);
        }}).observe({{ type: 'longtask' }});
        const look = () => {{
            if (!done()) return;
            observer.disconnect();
            // After the next frame is painted, and the one after that.
            requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => mark.end = performance.now())));
        }};
        const observer = new MutationObserver(look);
        observer.observe(document, {{ subtree: true, childList: true, attributes: true, characterData: true }});"
    ))
    .await;
    Start { work: work(page) }
}

impl Start {
    pub async fn finish(self, page: &Page) -> Cost {
        page.sees("the end of what is measured", "return window.__mark.end !== null").await;
        let work = work(page);
        let mark = page.script("const m = window.__mark; return [m.end - m.start, m.longest]").await;
        let number = |place: usize| mark[place].as_f64().unwrap_or(f64::NAN);
        Cost {
            main_thread: work.all - self.work.all,
            script: work.script - self.work.script,
            layout: work.layout - self.work.layout,
            longest_task: number(1),
            wall: number(0),
        }
    }
}

/// How long the main thread has worked so far, in milliseconds.
pub fn main_thread(page: &Page) -> f64 {
    work(page).all
}

fn work(page: &Page) -> Work {
    let answer = metrics(page);
    let mut work = Work::default();
    for metric in answer["metrics"].as_array().into_iter().flatten() {
        let milliseconds = metric["value"].as_f64().unwrap_or_default() * 1_000.0;
        match metric["name"].as_str() {
            Some("TaskDuration") => work.all = milliseconds,
            Some("ScriptDuration") => work.script = milliseconds,
            Some("LayoutDuration" | "RecalcStyleDuration") => work.layout += milliseconds,
            _ => {}
        }
    }
    work
}

/// What Chromium counts.
pub fn metrics(page: &Page) -> Value {
    chromium(page, "Performance.enable", &json!({}));
    chromium(page, "Performance.getMetrics", &json!({}))
}

/// A command of Chromium's own protocol.
pub fn chromium(page: &Page, command: &str, parameters: &Value) -> Value {
    page.browser.command("goog/cdp/execute", &json!({ "cmd": command, "params": parameters }))
}

/// The middle one of what was measured.
pub fn median(costs: &[Cost], part: impl Fn(&Cost) -> f64) -> f64 {
    middle(&costs.iter().map(part).collect::<Vec<_>>())
}

/// The middle one.
pub fn middle(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
