//! What passes between the page and a server, counted on the way.

use std::time::Duration;

use crate::support::proxy::{Road, Way};
use crate::support::scene;
use crate::support::world::{anywhere, world};

#[test]
fn the_first_presence_is_sent_after_five_round_trips_at_most() {
    scene(async |stage| {
        let server = &world().ejabberd;
        let romeo = stage.person(server, "romeo");
        // A long way: what the page says without waiting for an answer has left before the answer arrives.
        let road = Road::to(server).await;
        road.lengthen(Duration::from_secs(1));
        let page = stage.page(anywhere(), "romeo").await;
        page.name_service(&road.service()).await;
        page.log_in(&romeo).await;

        let frames = road.frames();
        let presence = frames.iter().position(|(way, text)| *way == Way::Out && text.starts_with("<presence"));
        let until_presence = &frames[..=presence.expect("the first presence")];
        // The page waits wherever it speaks after it was spoken to.
        let waits = until_presence.windows(2).filter(|two| two[0].0 == Way::In && two[1].0 == Way::Out).count();
        let said: Vec<&str> = until_presence
            .iter()
            .filter(|(way, _)| *way == Way::Out)
            .map(|(_, text)| text.split([' ', '>', '/']).next().unwrap_or_default())
            .collect();
        println!("{waits} round trips before the first presence; said until then: {said:?}");
        assert!(waits <= 5, "{waits} round trips: {until_presence:#?}");
        let counted = said.iter().filter(|name| **name != "<open").count();
        assert!(counted <= 8, "{counted} elements: {said:?}");
        for (_, text) in frames.iter().filter(|(way, _)| *way == Way::Out) {
            assert!(text.contains(" xmlns='"), "every frame declares its namespace: {text}");
        }
    });
}
