//! How long it takes until a stream goes on, once the network is there again.

use std::rc::Rc;

use serde_json::json;

use crate::TIMES;
use crate::measure::chromium;
use crate::support::page::Page;
use crate::support::proxy::{Road, Way};
use crate::support::server::{Kind, Server};
use crate::support::world::{anywhere, world};
use crate::support::{Stage, scene};
use crate::table::Table;

/// When the page was told that there is a network again, and when it was online.
const WATCH: &str = "const noted = window.__back = { told: null, online: null };
    addEventListener('online', () => noted.told ??= performance.now(), { once: true });
    const app = document.querySelector('[data-testid=app]');
    const began = performance.now();
    let was = app.dataset.connection;
    new MutationObserver((_, observer) => {
        const is = app.dataset.connection;
        if (was !== 'online' && is === 'online') { noted.online = performance.now(); observer.disconnect(); }
        if (was === 'online' && is !== 'online') noted.lost = performance.now();
        was = is;
    }).observe(app, { attributes: true, attributeFilter: ['data-connection'] });";

/// The goal for a stream to go on after the network is back, in the project's rules: 1.5 s.
pub fn back(table: &mut Table) {
    table.part("Back after the network was away (goal: 1500 ms)");
    for (kind, server) in [(Kind::Ejabberd, &world().ejabberd), (Kind::Prosody, &world().prosody)] {
        let (mut told, mut broken) = (Vec::new(), Vec::new());
        scene(async |stage| {
            let (page, road) = on_a_road(stage, server, "owner").await;
            for round in 0..2 * TIMES {
                told.push(after_an_outage(&page, &road).await);
                broken.push(after_a_break(&page, &road).await);
                let resumed = road.frames().iter().filter(|(way, text)| is_resumed(*way, text)).count();
                assert_eq!(resumed, 2 * (round + 1), "a stream did not go on");
            }
        });
        table.spread(&format!("{kind:?}: from the browser's word until online"), "ms", &told);
        table.spread(&format!("{kind:?}: from a connection that broke until online again"), "ms", &broken);
    }
}

fn is_resumed(way: Way, text: &str) -> bool {
    way == Way::In && text.starts_with("<resumed")
}

/// Nobody gets through and the browser knows it, until both is over.
async fn after_an_outage(page: &Page, road: &Road) -> f64 {
    let network = |offline: bool| {
        let throughput = -1;
        chromium(
            page,
            "Network.emulateNetworkConditions",
            &json!({ "offline": offline, "latency": 0, "downloadThroughput": throughput, "uploadThroughput": throughput }),
        );
    };
    chromium(page, "Network.enable", &json!({}));
    network(true);
    road.cut(true);
    page.wait_connection("reconnecting").await;
    page.script(WATCH).await;
    road.mend();
    network(false);
    page.sees("the end of the outage", "return window.__back.online !== null && window.__back.told !== null").await;
    let spent = page.script("return window.__back.online - window.__back.told").await;
    spent.as_f64().unwrap_or(f64::NAN)
}

/// The connection breaks, and the next one would get through at once.
async fn after_a_break(page: &Page, road: &Road) -> f64 {
    page.script(WATCH).await;
    road.cut(false);
    page.sees("that it is over", "return window.__back.online !== null").await;
    let spent = page.script("return window.__back.online - window.__back.lost").await;
    spent.as_f64().unwrap_or(f64::NAN)
}

/// Somebody who stays signed in, over a road that can be cut.
pub async fn on_a_road(stage: &Stage, server: &Server, name: &str) -> (Rc<Page>, Road) {
    let owner = server.person(name);
    let road = Road::to(server).await;
    let page = stage.page(anywhere(), name).await;
    page.expects("WebSocket connection to");
    page.expects("ERR_INTERNET_DISCONNECTED");
    page.name_service(&road.service()).await;
    page.press("input[name=remember]").await;
    page.log_in(&owner).await;
    (page, road)
}
