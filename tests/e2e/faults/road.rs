//! The road breaks: between frames, within one, for good or for a while.

use std::time::Duration;

use super::Pair;
use crate::support::proxy::{Mishap, Way};
use crate::support::server::Server;
use crate::support::world::world;
use crate::support::{Stage, scene};

#[test]
fn connections_reset_between_frames_lose_nothing_on_ejabberd() {
    scene(async |stage| resets(stage, &world().ejabberd, [Mishap::Last, Mishap::Never]).await);
}

#[test]
fn connections_reset_between_frames_lose_nothing_on_prosody() {
    scene(async |stage| resets(stage, &world().prosody, [Mishap::Last, Mishap::Never]).await);
}

#[test]
fn connections_reset_within_a_frame_lose_nothing_on_ejabberd() {
    scene(async |stage| resets(stage, &world().ejabberd, [Mishap::Half, Mishap::Half]).await);
}

#[test]
fn connections_reset_within_a_frame_lose_nothing_on_prosody() {
    scene(async |stage| resets(stage, &world().prosody, [Mishap::Half, Mishap::Half]).await);
}

/// Texts, and every few frames of either way a connection ends: at a message, at the question for a confirmation, at the
/// confirmation; and once while the page signs in again.
async fn resets(stage: &Stage, server: &Server, mishaps: [Mishap; 2]) {
    let mut pair = Pair::meet(stage, server, false).await;
    for (way, frames) in [(Way::Out, 0), (Way::In, 0), (Way::Out, 1), (Way::In, 1), (Way::Out, 2)] {
        for mishap in mishaps {
            pair.road.plan(way, frames, mishap);
            while !pair.road.is_as_planned() {
                pair.write(2).await;
                pair.acked_or_broken().await;
            }
            if frames == 1 {
                pair.road.plan(way, 3, mishap);
                pair.road.mishap().await;
            }
            pair.acked().await;
        }
    }
    pair.agree().await;
}

#[test]
fn what_a_hole_swallowed_arrives_once_on_ejabberd() {
    scene(async |stage| holes(stage, &world().ejabberd).await);
}

#[test]
fn what_a_hole_swallowed_arrives_once_on_prosody() {
    scene(async |stage| holes(stage, &world().prosody).await);
}

/// Nobody tells the page that nothing gets through. It finds out, and goes on with the stream.
async fn holes(stage: &Stage, server: &Server) {
    let mut pair = Pair::meet(stage, server, false).await;
    for way in [Way::Out, Way::In] {
        pair.road.plan(way, 0, Mishap::Hole);
        pair.write(2).await;
        pair.acked().await;
    }
    pair.agree().await;
}

#[test]
fn a_road_that_stands_still_for_a_while_is_waited_for_on_ejabberd() {
    scene(async |stage| stalls(stage, &world().ejabberd).await);
}

#[test]
fn a_road_that_stands_still_for_a_while_is_waited_for_on_prosody() {
    scene(async |stage| stalls(stage, &world().prosody).await);
}

async fn stalls(stage: &Stage, server: &Server) {
    let mut pair = Pair::meet(stage, server, false).await;
    for way in [Way::Out, Way::In] {
        pair.road.plan(way, 1, Mishap::Late(Duration::from_secs(3)));
        pair.write(3).await;
        pair.road.mishap().await;
    }
    pair.agree().await;
    let frames = pair.road.frames();
    let begun = frames.iter().filter(|(way, text)| *way == Way::Out && text.starts_with("<open")).count();
    assert_eq!(begun, 2, "one connection, opened before and after the proof of identity");
}
