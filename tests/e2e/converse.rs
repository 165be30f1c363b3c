//! Everything that is said in a conversation, with another client at the other end: Converse.js, as it is published.

use serde_json::json;

use crate::support::converse::Converse;
use crate::support::host::Host;
use crate::support::server::Server;
use crate::support::world::{at_ejabberd, at_prosody, world};
use crate::support::{Stage, by_hook, place, scene};

/// A red dot.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde\0\0\0\x0cIDATx\x9cc8\xa0\xa0\0\0\x02\xa4\x01\x01\xe3L\xa7-\0\0\0\0IEND\xaeB`\x82";

#[test]
fn converse_understands_us_and_we_understand_it_on_ejabberd() {
    scene(async |stage| talk(stage, &world().ejabberd, at_ejabberd()).await);
}

#[test]
fn converse_understands_us_and_we_understand_it_on_prosody() {
    scene(async |stage| talk(stage, &world().prosody, at_prosody()).await);
}

async fn talk(stage: &Stage, server: &Server, host: &'static Host) {
    let is_reordered = std::ptr::eq(server, &world().ejabberd);
    let (romeo, juliet) = (stage.person(server, "romeo"), stage.person(server, "juliet"));
    server.befriend(&romeo, &juliet);
    let his = stage.page(host, "romeo").await;
    his.log_in(&romeo).await;
    his.show_contacts().await;
    let hers = Converse::open(server, &juliet, &romeo).await;
    his.wait_presence(&juliet.address, "available").await;
    his.open_chat(&juliet.address).await;

    // From us to them.
    his.send("Lady by yonder moon").await;
    hers.reads("Lady by yonder moon").await;
    his.wait_state("Lady by yonder moon", "displayed").await;
    his.fill(&by_hook("composer"), "I am wr").await;
    hers.sees(
        "that he writes",
        "return Boolean(document.querySelector('.chat-content__notifications')?.textContent.includes('typing'))",
    )
    .await;
    his.fill(&by_hook("composer"), "").await;
    his.keys(&by_hook("composer"), "\u{e013}").await;
    his.fill(&by_hook("composer"), "Lady, by yonder blessed moon").await;
    his.press_hook("send").await;
    hers.reads("Lady, by yonder blessed moon").await;
    hers.sees("that it was changed", "return Object.keys(last(false).get('older_versions') ?? {}).length === 1").await;

    // From them to us.
    hers.does("chat.setChatState('composing'); return true", Vec::new()).await;
    his.wait_text(".chat-head", |text| text.contains("writing")).await;
    hers.says("Swear not by the sun").await;
    his.wait_said(&["out: Lady, by yonder blessed moon", "in: Swear not by the sun"]).await;
    hers.sees("that it arrived", "return Boolean(last(true).get('received'))").await;
    hers.does("last(true).save('correcting', true); return true", Vec::new()).await;
    hers.says("Swear *not* by the moon").await;
    his.wait_said(&["out: Lady, by yonder blessed moon", "in: Swear *not* by the moon"]).await;
    his.wait_text("[data-direction=in] strong", |text| text.contains("not")).await;

    // Signs, both ways.
    his.choose("in", &["message-react", "sign"]).await;
    hers.sees("his sign", "return JSON.stringify(last(true).get('reactions') ?? {}).includes('👍')").await;
    let give = "const row = [...document.querySelectorAll('converse-chat-message')]
            .find(row => row.textContent.includes('yonder blessed moon'));
        row.querySelector('converse-reaction-picker').onEmojiSelected('🌙');
        return true";
    hers.does(give, Vec::new()).await;
    his.wait_text(&format!("[data-direction=out] {}", by_hook("reaction")), |text| text.contains('🌙')).await;

    // Answers, both ways.
    his.choose("in", &["message-reply"]).await;
    his.send("What shall I swear by?").await;
    // This ejabberd puts the text of a message behind everything else, and Converse.js takes the first element called
    // `body` for it, wherever it is: within the element that says which part of the text is a quotation. It then has a
    // message without a text, and shows nothing.
    if !is_reordered {
        hers.reads("What shall I swear by?").await;
        hers.sees(
            "what he answers",
            "return [last(true).get('msgid'), last(true).get('origin_id')].includes(last(false).get('reply_to_id'))",
        )
        .await;
    }
    let answer = "const what = chat.messages.models.find(one => one.get('sender') !== 'me' && one.get('body'));
        chat.save({ reply_to_id: what.get('origin_id') || what.get('msgid'), reply_to: what.get('from') });
        return true";
    hers.does(answer, Vec::new()).await;
    hers.says("Do not swear at all").await;
    his.wait_said(&[
        "out: Lady, by yonder blessed moon",
        "in: Swear *not* by the moon",
        "out: What shall I swear by?",
        "in: Do not swear at all",
    ])
    .await;
    his.wait_text(&format!("[data-direction=in] {}", by_hook("quote")), |text| text.contains("yonder blessed moon"))
        .await;

    // A picture from us; one from them.
    his.attach(&[place::file("rose.png", PNG)]).await;
    his.press_hook("send").await;
    hers.sees("the picture", "return Boolean(last(false).get('oob_url')?.endsWith('rose.png'))").await;
    let file = format!(
        "const bytes = Uint8Array.from({}); \
         await chat.sendFiles([new File([bytes], 'thorn.png', {{ type: 'image/png' }})]); return true",
        json!(PNG)
    );
    hers.asks(&file).await;
    his.sees(
        "her picture",
        "const all = [...document.querySelectorAll('[data-direction=in] [data-testid=picture] img')];
         return all.some(img => img.naturalWidth === 1)",
    )
    .await;

    // Each takes something back.
    his.choose("out", &["message-more", "menu-remove"]).await;
    hers.sees(
        "what is gone",
        "return chat.messages.models.some(one => one.get('sender') !== 'me' && one.get('retracted'))",
    )
    .await;
    let back = "chat.retractOwnMessage(chat.messages.models.find(one => one.get('body')?.startsWith('Swear')));
        return true";
    hers.does(back, Vec::new()).await;
    his.wait_text("[data-direction=in] [data-testid=message-body]", |text| text == "This message was removed").await;
    hers.close().await;
}
