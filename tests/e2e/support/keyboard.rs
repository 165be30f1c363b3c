//! The page for whoever has no mouse, or little room.

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::key::Key;

use super::page::Page;
use super::wait::until;

/// More steps than this lead nowhere.
const STEPS: usize = 60;

impl Page {
    /// Presses a key, wherever the focus is.
    pub async fn press_key(&self, key: Key) {
        self.type_keys(&char::from(key).to_string()).await;
    }

    /// Types, wherever the focus is.
    pub async fn type_keys(&self, text: &str) {
        let keys = text.chars().fold(KeyActions::new("keyboard".to_owned()), |keys, value| {
            keys.then(KeyAction::Down { value }).then(KeyAction::Up { value })
        });
        let typed = self.browser.client.perform_actions(keys).await;
        typed.unwrap_or_else(|problem| panic!("{} cannot type {text:?}: {problem}", self.name));
    }

    /// Goes from one thing to the next until the focus is on what a selector names.
    pub async fn tab_to(&self, selector: &str) {
        let there = format!("return document.activeElement?.matches({selector:?}) ?? false");
        let mut passed = Vec::new();
        for _ in 0..STEPS {
            if self.script(&there).await == true {
                return;
            }
            let here = "return document.activeElement?.outerHTML.slice(0, 120)";
            passed.push(self.script(here).await);
            self.press_key(Key::Tab).await;
        }
        panic!("{} cannot reach {selector} by the tabulator, only {passed:#?}", self.name);
    }

    pub async fn wait_focus(&self, selector: &str) {
        let there = format!("return document.activeElement?.matches({selector:?}) ?? false");
        self.sees(&format!("the focus on {selector}"), &there).await;
    }

    /// Makes what is seen of the page this large.
    pub async fn resize(&self, width: u32, height: u32) {
        let client = &self.browser.client;
        client.set_window_size(width, height).await.expect("another size");
        // A window is higher than what it shows. (Its width may be lied about when it is this narrow.)
        let frame = self.script("return outerHeight - innerHeight").await;
        let extra = frame.as_u64().and_then(|pixels| u32::try_from(pixels).ok()).unwrap_or_default();
        client.set_window_size(width, height + extra).await.expect("another size");
        until(&format!("{}'s page is {width} x {height}", self.name), async || {
            let size = self.script("return innerWidth + ' ' + innerHeight").await;
            if size == format!("{width} {height}") { Ok(()) } else { Err(size.to_string()) }
        })
        .await;
    }

    pub async fn wait_until_shown(&self, selector: &str) {
        let shown = format!("return document.querySelector({selector:?})?.checkVisibility() ?? false");
        self.sees(selector, &shown).await;
    }

    pub async fn wait_until_hidden(&self, selector: &str) {
        let shown = format!("return !(document.querySelector({selector:?})?.checkVisibility() ?? false)");
        self.sees(&format!("no {selector}"), &shown).await;
    }
}
