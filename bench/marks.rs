//! Points in time that the page itself notes, from its first moment on.
//!
//! What is injected here runs before the page's own program, so a start can be watched from its navigation.

use serde_json::{Value, json};

use crate::measure::chromium;
use crate::support::page::Page;

/// Notes when each mark's condition (the body of a function) becomes true, at every change of the page; when it was
/// connected and when not; when the open conversation had another length; every long task; and how long each key took
/// from being pressed to being painted.
const NOTE: &str = "
    const noted = window.__noted = { marks: {}, connection: [], tasks: [], keys: [], size: ['', 0] };
    const open = new Map([MARKS]);
    // After the next frame is painted, and the one after that.
    const painted = then => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(then)));
    const look = () => {
        const state = document.querySelector('[data-testid=app]')?.dataset.connection ?? '';
        if (state !== (noted.connection.at(-1)?.[0] ?? '')) noted.connection.push([state, performance.now()]);
        const row = document.querySelector('[data-testid=message-list] [aria-setsize]');
        const size = row?.getAttribute('aria-setsize') ?? '';
        if (size !== noted.size[0]) noted.size = [size, performance.now()];
        for (const [name, seen] of open) {
            if (!seen()) continue;
            open.delete(name);
            painted(() => { noted.marks[name] = performance.now(); look(); });
        }
    };
    new MutationObserver(look).observe(document, {
        subtree: true, childList: true, attributes: true, characterData: true });
    new PerformanceObserver(list => {
        for (const task of list.getEntries()) noted.tasks.push([task.startTime, task.duration]);
    }).observe({ type: 'longtask', buffered: true });
    addEventListener('keydown', key => requestAnimationFrame(() => {
        const after = new MessageChannel();
        after.port1.onmessage = () => noted.keys.push([key.timeStamp, performance.now() - key.timeStamp]);
        after.port2.postMessage(0);
    }), { capture: true });";

/// What the page noted, in milliseconds since its navigation.
pub struct Noted(Value);

/// From now on every page that this browser opens notes these marks.
pub fn note_from_the_start(page: &Page, marks: &[(&str, &str)]) {
    let marks: Vec<String> = marks.iter().map(|(name, body)| format!("[{name:?}, () => {{ {body} }}]")).collect();
    let source = NOTE.replace("MARKS", &marks.join(", "));
    chromium(page, "Page.addScriptToEvaluateOnNewDocument", &json!({ "source": format!("{{ {source} }}") }));
}

impl Noted {
    pub async fn of(page: &Page) -> Self {
        Self(page.script("return window.__noted").await)
    }

    /// When a mark's condition was true and painted.
    pub fn mark(&self, name: &str) -> f64 {
        self.0["marks"][name].as_f64().unwrap_or(f64::NAN)
    }

    /// When the page was first online after this.
    pub fn online(&self, after: f64) -> f64 {
        pairs(&self.0["connection"], |state| state == "online").find(|at| *at >= after).unwrap_or(f64::NAN)
    }

    /// When the open conversation last became longer or shorter.
    pub fn last_growth(&self) -> f64 {
        self.0["size"][1].as_f64().unwrap_or(f64::NAN)
    }

    /// The longest task that began between two points; 0 if none was longer than 50 ms.
    pub fn longest_task(&self, from: f64, to: f64) -> f64 {
        self.durations("tasks", from, to).into_iter().fold(0.0, f64::max)
    }

    /// From being pressed to being painted, for all keys between two points, the quickest first.
    pub fn keys(&self, from: f64, to: f64) -> Vec<f64> {
        let mut keys = self.durations("keys", from, to);
        keys.sort_by(f64::total_cmp);
        keys
    }

    fn durations(&self, what: &str, from: f64, to: f64) -> Vec<f64> {
        let all = self.0[what].as_array().into_iter().flatten();
        let pairs = all.filter_map(|pair| Some((pair[0].as_f64()?, pair[1].as_f64()?)));
        pairs.filter(|(began, _)| (from..=to).contains(began)).map(|(_, duration)| duration).collect()
    }
}

fn pairs<'a>(list: &'a Value, wanted: impl Fn(&str) -> bool + 'a) -> impl Iterator<Item = f64> + 'a {
    let all = list.as_array().into_iter().flatten();
    all.filter(move |pair| pair[0].as_str().is_some_and(&wanted)).filter_map(|pair| pair[1].as_f64())
}
