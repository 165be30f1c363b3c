//! What goes wrong on the way, at the server, in the browser. Whatever it is: nothing is lost, nothing is doubled, the
//! order is kept, and the page says the truth. So each scene ends by comparing what the page shows with what another
//! client received and with what the archives of both hold.

mod browser;
mod devices;
mod gap;
mod road;
mod server;
mod store;

use std::rc::Rc;

use serde_json::json;

use crate::support::archive::archive;
use crate::support::page::Page;
use crate::support::peer::Peer;
use crate::support::proxy::Road;
use crate::support::server::{Person, Server};
use crate::support::wait::until;
use crate::support::world::anywhere;
use crate::support::{Stage, about};

/// The browser says so whenever a connection breaks.
const REFUSED: &str = "WebSocket connection to";

/// Romeo in a browser, Juliet with another client, and between him and the server a road.
struct Pair<'a> {
    server: &'a Server,
    romeo: Person,
    juliet: Person,
    her: Peer,
    road: Road,
    page: Rc<Page>,
    /// All that was said, in order, as he sees it: `in: …` and `out: …`.
    said: Vec<String>,
    /// How much of it she has heard.
    heard: usize,
}

impl<'a> Pair<'a> {
    /// Signs them in and opens their conversation.
    async fn meet(stage: &Stage, server: &'a Server, stays: bool) -> Self {
        Self::meet_where(stage, server, stays, None).await
    }

    /// The same in a browser that runs this before anything of the page.
    async fn meet_where(stage: &Stage, server: &'a Server, stays: bool, script: Option<&str>) -> Self {
        let (romeo, juliet) = (stage.person(server, "romeo"), stage.person(server, "juliet"));
        server.befriend(&romeo, &juliet);
        let her = Peer::online(server, &juliet).await;
        let road = Road::to(server).await;
        let page = stage.page(anywhere(), "romeo").await;
        page.expects(REFUSED);
        if let Some(script) = script {
            page.browser.chromium("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": script }));
            page.go("").await;
        }
        page.name_service(&road.service()).await;
        if stays {
            page.press("input[name=remember]").await;
        }
        page.log_in(&romeo).await;
        page.show_contacts().await;
        page.wait_presence(&juliet.address, "available").await;
        page.open_chat(&juliet.address).await;
        Self { server, romeo, juliet, her, road, page, said: Vec::new(), heard: 0 }
    }

    /// He writes so many texts that nobody wrote before.
    async fn write(&mut self, count: usize) {
        let begun = self.said.len();
        let texts: Vec<String> = (begun..begun + count).map(|number| format!("text {number}")).collect();
        self.page.send_all(&texts).await;
        self.said.extend(texts.iter().map(|text| format!("out: {text}")));
    }

    /// She says something.
    async fn answer(&mut self) {
        let text = format!("answer {}", self.said.len());
        self.her.say(&self.romeo.address, &text).await;
        self.said.push(format!("in: {text}"));
    }

    fn last(&self) -> &str {
        self.said.iter().rev().find_map(|said| said.strip_prefix("out: ")).unwrap_or_default()
    }

    /// Waits until his latest message has arrived.
    async fn acked(&self) {
        self.page.wait_state(self.last(), "acked").await;
    }

    /// His latest message has arrived, or what was planned for the road has come between.
    async fn acked_or_broken(&self) {
        let last = self.last();
        until(&format!("{last:?} is acked, or the connection broken"), async || {
            let shown = self.page.messages().await;
            let acked = shown.iter().any(|shown| shown.body == last && shown.has_arrived());
            if acked || self.road.is_as_planned() { Ok(()) } else { Err(format!("{shown:?}")) }
        })
        .await;
    }

    /// Waits until his latest message is shown, and no longer.
    async fn shown(&self) {
        let last = self.last();
        until(&format!("{last:?} is shown"), async || {
            let shown = self.page.messages().await;
            if shown.iter().any(|shown| shown.body == last) { Ok(()) } else { Err(format!("{shown:?}")) }
        })
        .await;
    }

    /// He opens the conversation again, without waiting for the server.
    async fn back(&self) {
        self.page.show_contacts().await;
        self.page.wait_for(&about("contact", &self.juliet.address)).await;
        self.page.open_chat(&self.juliet.address).await;
    }

    /// He writes a last word; she has heard all, in order and once, and so say the page and the archives.
    async fn agree(&mut self) {
        self.write(1).await;
        self.acked().await;
        self.she_heard().await;
        self.compare().await;
    }

    /// She hears what he wrote since she was last asked, in order and once.
    async fn she_heard(&mut self) {
        for said in &self.said[self.heard..] {
            if let Some(text) = said.strip_prefix("out: ") {
                assert_eq!(self.her.hears(&self.romeo.address).await, *text, "of {:?}", self.said);
            }
        }
        self.heard = self.said.len();
    }

    /// The page and both archives hold what was said, and nothing else.
    async fn compare(&self) {
        self.page_shows(&self.said).await;
        self.compare_archives().await;
    }

    /// Both archives hold what was said.
    async fn compare_archives(&self) {
        assert_eq!(archive(self.server, &self.romeo).await, self.said, "his archive");
        let turned = |said: &String| match said.strip_prefix("out: ") {
            Some(text) => format!("in: {text}"),
            None => said.replacen("in: ", "out: ", 1),
        };
        let hers: Vec<String> = self.said.iter().map(turned).collect();
        assert_eq!(archive(self.server, &self.juliet).await, hers, "her archive");
    }

    /// The page shows exactly this, and says of all of his that they have arrived.
    async fn page_shows(&self, wanted: &[String]) {
        until("the page shows what was said", async || {
            let all = self.page.all_messages().await;
            let said: Vec<String> = all.iter().map(|shown| format!("{}: {}", shown.direction, shown.body)).collect();
            let unsure: Vec<_> =
                all.iter().filter(|shown| shown.direction == "out" && shown.state != "acked").collect();
            match said.iter().zip(wanted).position(|(one, other)| one != other) {
                None if said.len() == wanted.len() && unsure.is_empty() => Ok(()),
                place => Err(format!(
                    "{} of {} rows, the first other one {place:?}: {said:?}; unsure: {unsure:?}",
                    said.len(),
                    wanted.len()
                )),
            }
        })
        .await;
    }
}
