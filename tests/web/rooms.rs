//! Group chats.

use wasm_bindgen_test::wasm_bindgen_test;
use waxwing::domain::conversation::Notify;
use waxwing::domain::room::{
    Affiliation, Occupant, OccupantEdit, Phase, Role, Room, RoomChange, RoomKind, RoomNews, Traits, Why,
};
use waxwing::engine::change::{Change, Notice};
use waxwing::engine::command::{Command, Sending};
use waxwing::engine::rooms::RoomOrder;

use crate::fixture::{self, jid};
use crate::page::{Page, click, document, focused, frame, press, until, value};
use crate::room_fixture::{self as rooms, ROOM};

fn text(page: &Page, hook: &str) -> String {
    page.find(hook).and_then(|part| part.text_content()).unwrap_or_default()
}

/// What was asked about group chats, and may be looked at.
fn orders(page: &Page) -> Vec<RoomOrder> {
    let asked = page.asked.borrow();
    asked
        .iter()
        .filter_map(|command| if let Command::Room(order) = command { Some(order.clone()) } else { None })
        .collect()
}

fn was_ordered(page: &Page, order: &RoomOrder) -> bool {
    orders(page).contains(order)
}

/// The page of somebody with group chats, after some changes, with the first of them open.
pub async fn opened(changes: Vec<Change>) -> Page {
    let mut all = fixture::people();
    all.extend(rooms::all());
    all.extend(changes);
    let page = Page::signed_in(all);
    page.see("conversation").await;
    page.choose(ROOM).await;
    page
}

#[wasm_bindgen_test]
async fn the_list_tells_a_group_chat_its_author_and_a_mention() {
    let mut changes = rooms::all();
    changes.extend(rooms::others());
    let page = Page::signed_in(changes);
    page.see("conversation").await;
    let row = page.row(ROOM);
    let words = row.text_content().unwrap();
    assert!(words.contains("Bird watchers") && words.contains("Grace: Down at the pier"), "{words}");
    assert!(words.contains("@") && words.contains("You were mentioned") && words.contains('4'), "{words}");
    assert!(row.query_selector(".group-sign").unwrap().is_some());
    assert!(page.row("choir@rooms.bench.test").text_content().unwrap().contains("Joining…"));
    let kicked = page.row("chess@rooms.bench.test").text_content().unwrap();
    assert!(kicked.contains("Guido removed you. They say: “Cool down”"), "{kicked}");
    // Of what the user does not want to hear, nothing is counted.
    until("the mention is counted", || text(&page, "tab-chats").contains('1')).await;
}

#[wasm_bindgen_test]
async fn the_head_tells_topic_and_number_and_opens_the_details() {
    let page = opened(Vec::new()).await;
    until("nine", || text(&page, "people-count") == "9 participants").await;
    assert_eq!(text(&page, "topic"), "Waxwings at the harbour since Monday");
    page.click("chat-person").await;
    page.see("room-details").await;
    assert_eq!(text(&page, "room-facts"), "Channel · 9 participants");
    assert_eq!(text(&page, "room-open"), "Only those who run it see your address.");
    page.write("room-subject", " Fieldfares ");
    page.click("room-subject-save").await;
    let room = || jid(ROOM);
    assert!(was_ordered(&page, &RoomOrder::SetSubject { room: room(), text: "Fieldfares".into() }));
    page.write("room-nick", "Countess");
    page.click("room-nick-save").await;
    assert!(was_ordered(&page, &RoomOrder::SetNick { room: room(), nick: "Countess".into() }));
    assert_eq!(page.get("notify-mentions").get_attribute("aria-pressed").as_deref(), Some("true"));
    page.click("notify-none").await;
    assert!(was_ordered(&page, &RoomOrder::SetNotify { room: room(), notify: Notify::Nothing }));
    page.click("room-autojoin").await;
    assert!(orders(&page).iter().any(|order| matches!(order, RoomOrder::SetBookmark(one) if !one.autojoin)));
    assert!(page.find("room-settings-open").is_none() && page.find("room-destroy").is_none(), "not for admins");
    page.click("room-leave").await;
    assert!(was_ordered(&page, &RoomOrder::Leave(room())));
}

#[wasm_bindgen_test]
async fn messages_stand_under_the_names_of_their_authors() {
    let page = opened(Vec::new()).await;
    page.see("message").await;
    let authors: Vec<String> = page.all("[data-testid=author]").iter().filter_map(|one| one.text_content()).collect();
    assert_eq!(authors, ["Guido", "Grace", "Grace", "Mallory", "Barbara", "ليلى", "Niklaus"]);
    let hats = page.all("[data-testid=message] [data-testid=hat]");
    let hats: Vec<String> = hats.iter().filter_map(|one| one.text_content()).collect();
    assert_eq!(hats, ["Host", "Host"], "beside the name of whoever is there");
    let second = page.all("[data-key='2']");
    assert!(second[0].query_selector("[data-testid=author]").unwrap().is_none(), "said once for what belongs together");
    let colour = |author: usize| {
        let name = &page.all("[data-testid=author]")[author];
        name.style().get_property_value("--hue").unwrap()
    };
    assert_ne!(colour(0), colour(1));
    assert_eq!(colour(1), colour(2));
    let mention = &page.all("[data-names-me]")[0];
    assert_eq!(mention.get_attribute("data-key").as_deref(), Some("7"));
    assert_eq!(text(&page, "mention"), "@Ada");
    assert_eq!(text(&page, "removed"), "Removed by Grace: No advertising, please");
    assert!(text(&page, "action").contains("Niklaus packs the thermos"));
    let reactions: Vec<String> =
        page.all("[data-testid=reaction]").iter().filter_map(|one| one.get_attribute("title")).collect();
    assert_eq!(reactions, ["Guido, Barbara", "You, Niklaus"]);
    assert!(text(&page, "quote").contains("You"));
    let more = waxwing::domain::timeline::More { mentions_me: true, ..Default::default() };
    page.client.apply(vec![fixture::insert(&jid(ROOM), rooms::said(30, "Grace", "ada: over there", 0, Some(more)))]);
    until("a nickname needs no sign", || {
        page.all("[data-key='30'] .mention").iter().any(|one| one.text_content().as_deref() == Some("ada"))
    })
    .await;
}

#[wasm_bindgen_test]
async fn who_goes_by_another_name_is_told_for_a_while() {
    let renamed = |to: &str| Change::Room(RoomChange::Renamed(jid(ROOM), "Grace".into(), to.into()));
    let page = opened(vec![renamed("Gracie")]).await;
    page.see("message").await;
    assert_eq!(text(&page, "renamed"), "", "that was before");
    page.client.apply(vec![renamed("Amazing\u{202e} Grace")]);
    until("told", || text(&page, "renamed") == "Grace is now called Amazing Grace").await;
}

#[wasm_bindgen_test]
async fn the_same_name_of_somebody_else_stands_apart() {
    let page = opened(Vec::new()).await;
    let mut twin = rooms::said(11, "Niklaus", "I am another one", 1, None);
    let mut author = (**twin.author.as_ref().unwrap()).clone();
    author.occupant_id = Some("other".into());
    twin.author = Some(author.into());
    page.client.apply(vec![fixture::insert(&jid(ROOM), twin)]);
    until("it is there", || page.all("[data-key='11'] [data-testid=author]").len() == 1).await;
}

fn menu_of(page: &Page, key: u64) {
    page.all(&format!("[data-key='{key}']"))[0].focus().unwrap();
    press("Enter");
}

#[wasm_bindgen_test]
async fn a_moderator_takes_the_message_of_another_away_with_a_reason() {
    let page = opened(Vec::new()).await;
    page.see("message").await;
    menu_of(&page, 7);
    page.see("menu").await;
    assert!(page.find("menu-remove").is_none() && page.find("menu-edit").is_none(), "not one's own");
    page.click("menu-moderate").await;
    page.see("reason").await;
    page.write("reason", "off topic");
    page.click("deed-confirm").await;
    let key = waxwing::domain::timeline::MessageKey(7);
    let order = RoomOrder::Moderate { room: jid(ROOM), key, reason: Some("off topic".into()) };
    until("the order", || was_ordered(&page, &order)).await;
    until("the dialog is gone", || page.all("dialog").is_empty()).await;
    menu_of(&page, 9);
    page.see("menu-edit").await;
    page.click("menu-remove").await;
    let sent = |command: &Command| matches!(command, Command::Send { what: Sending::Retract(_), .. });
    assert!(page.was_asked(sent));
}

#[wasm_bindgen_test]
async fn what_the_group_chat_cannot_do_is_not_offered() {
    let traits = Traits { known: true, ..Traits::default() };
    let page = opened(vec![rooms::told(Room { traits, role: Role::Participant, ..rooms::room() })]).await;
    page.see("message").await;
    menu_of(&page, 7);
    page.see("menu-copy").await;
    for hook in ["menu-reply", "menu-moderate", "sign"] {
        assert!(page.find(hook).is_none(), "{hook}");
    }
    press("Escape");
    until("closed", || page.find("menu").is_none()).await;
    menu_of(&page, 9);
    page.see("menu-edit").await;
    assert!(page.find("menu-remove").is_none(), "it has no name by which it could be taken back");
    press("Escape");
}

#[wasm_bindgen_test]
async fn nicknames_complete_themselves() {
    let page = opened(Vec::new()).await;
    let composer = page.see("composer").await;
    composer.focus().unwrap();
    page.write("composer", "Hello @gu");
    let option = page.see("emoji-options").await;
    assert!(option.text_content().unwrap().contains("Guido"));
    press("Enter");
    assert_eq!(value(&composer), "Hello @Guido ");
    page.write("composer", "me@bar");
    frame().await;
    assert!(page.find("emoji-options").is_none(), "an address is no mention");
    page.write("composer", "@");
    until("everybody else", || page.all("[data-testid=emoji-options] .option").len() == 6).await;
    press("Escape");
    until("declined", || page.find("emoji-options").is_none()).await;
}

#[wasm_bindgen_test]
async fn who_may_only_read_asks_to_write() {
    let silent = |role| rooms::told(Room { role, affiliation: Affiliation::None, ..rooms::room() });
    let page = opened(vec![silent(Role::Visitor)]).await;
    page.see("only-read").await;
    assert!(page.find("composer").is_none());
    page.click("ask-to-speak").await;
    assert!(was_ordered(&page, &RoomOrder::RequestVoice(jid(ROOM))));
    page.see("asked-to-speak").await;
    page.client.apply(vec![silent(Role::Participant)]);
    page.see("composer").await;
    assert!(page.find("only-read").is_none());
}

#[wasm_bindgen_test]
async fn whoever_is_not_let_in_reads_why_and_finds_the_way() {
    let page = opened(vec![rooms::refused(Why::PasswordRequired)]).await;
    let join = |nick: Option<&str>, password: Option<&str>| RoomOrder::Join {
        room: jid(ROOM),
        nick: nick.map(Into::into),
        password: password.map(Into::into),
    };
    page.see("join-password").await;
    assert!(page.find("composer").is_none());
    assert_eq!(text(&page, "why"), "This group chat needs a password.");
    page.write("join-password", "sesame");
    page.click("join-submit").await;
    assert!(was_ordered(&page, &join(None, Some("sesame"))));
    page.client.apply(vec![rooms::refused(Why::NickTaken)]);
    page.see("join-nick").await;
    page.write("join-nick", "Ada 2");
    page.click("join-submit").await;
    assert!(was_ordered(&page, &join(Some("Ada 2"), None)));
    page.client.apply(vec![rooms::refused(Why::Kicked { by: Some("Grace".into()), reason: Some("<b>no</b>".into()) })]);
    until("kicked", || text(&page, "why") == "Grace removed you. They say: “<b>no</b>”").await;
    page.click("join-again").await;
    assert!(was_ordered(&page, &join(None, None)));
    page.client.apply(vec![rooms::refused(Why::Unreachable)]);
    page.see("composer").await;
    assert!(text(&page, "why").contains("We will try again"), "what is written waits");
    let to = jid("new@rooms.bench.test");
    page.client.apply(vec![rooms::refused(Why::Gone { to: Some(to.clone()) })]);
    page.click("follow").await;
    let followed = RoomOrder::Join { room: to, nick: None, password: None };
    assert!(was_ordered(&page, &followed));
    until("it is open", || {
        page.get("message-list").get_attribute("data-jid").as_deref() == Some("new@rooms.bench.test")
    })
    .await;
}

#[wasm_bindgen_test]
async fn whoever_left_can_come_back_or_forget() {
    let page = opened(vec![rooms::told(Room { phase: Phase::Left, role: Role::None, ..rooms::room() })]).await;
    page.see("not-in").await;
    assert!(page.find("composer").is_none());
    page.click("join-again").await;
    assert!(orders(&page).iter().any(|order| matches!(order, RoomOrder::Join { .. })));
    page.client.apply(vec![rooms::told(Room { phase: Phase::Joining, role: Role::None, ..rooms::room() })]);
    page.see("composer").await;
    page.client.apply(vec![rooms::refused(Why::Destroyed { alternate: None, password: None, reason: None })]);
    page.click("forget").await;
    assert!(was_ordered(&page, &RoomOrder::Forget(jid(ROOM))));
    until("the list", || page.find("message-list").is_none()).await;
}

#[wasm_bindgen_test]
async fn six_thousand_participants_are_few_rows_and_are_searched() {
    let page = opened(vec![rooms::many_people(6_000)]).await;
    let opener = page.see("participants-open").await;
    opener.focus().unwrap();
    opener.click();
    page.see("participant").await;
    let rows = || page.all("[data-testid=participant]");
    assert!(rows().len() < 60, "{}", rows().len());
    assert_eq!(rows()[0].get_attribute("data-nick").as_deref(), Some("Ada"), "the user first");
    let groups: Vec<String> =
        page.all("[data-testid=participant-group]").iter().filter_map(|one| one.text_content()).collect();
    assert!(groups[0].starts_with("Owners2") && groups[1].starts_with("Admins6"), "{groups:?}");
    assert!(text(&page, "participants").contains("6000"));
    until("the search has the focus", || {
        focused().is_some_and(|it| it.get_attribute("data-testid").as_deref() == Some("participant-search"))
    })
    .await;
    page.write("participant-search", "WREN 4001");
    until("one is left", || rows().len() == 1).await;
    assert_eq!(rows()[0].get_attribute("data-nick").as_deref(), Some("Wren 4001"));
    // Whoever changes is another row at once, and the same node.
    let row = rows()[0].clone();
    let named = Occupant { nick: "Wren 4001 b".into(), ..rooms::occupant(4001, "x", Affiliation::None, Role::Visitor) };
    page.client.apply(vec![Change::Room(RoomChange::Occupants(jid(ROOM), vec![OccupantEdit::Put(named)]))]);
    until("the new name", || row.get_attribute("data-nick").as_deref() == Some("Wren 4001 b")).await;
    assert!(row.is_connected() && row.text_content().unwrap().contains("Can only read"));
    press("Escape");
    until("closed", || page.find("participants").is_none()).await;
    until("the focus is back", || document().active_element().is_some_and(|it| it.is_same_node(Some(&opener)))).await;
}

#[wasm_bindgen_test]
async fn the_participants_stay_from_one_group_chat_to_the_next_and_leave_the_focus() {
    let page = opened(rooms::others()).await;
    page.click("participants-open").await;
    page.see("participant").await;
    page.choose("rust@rooms.elsewhere.example").await;
    until("the field has the focus", || {
        focused().is_some_and(|it| it.get_attribute("data-testid").as_deref() == Some("composer"))
    })
    .await;
    assert!(page.find("participants").is_some());
}

#[wasm_bindgen_test]
async fn somebody_is_put_out_with_a_reason_and_banned() {
    let page = opened(Vec::new()).await;
    page.click("participants-open").await;
    page.see("participant").await;
    let person = |nick: &str| {
        let rows = page.all("[data-testid=participant]");
        rows.into_iter().find(|row| row.get_attribute("data-nick").as_deref() == Some(nick)).unwrap()
    };
    person("Ada").click();
    page.see("room-details").await;
    assert!(page.find("menu").is_none(), "of oneself it is the nickname that can be changed");
    click(&page.all("dialog")[0], "header .icon-button");
    until("closed", || page.all("dialog").is_empty()).await;
    person("Mallory").click();
    page.click("person-put-out").await;
    page.see("reason").await;
    page.write("reason", "Be kind");
    page.click("deed-confirm").await;
    let kick = RoomOrder::SetRole {
        room: jid(ROOM),
        nick: "Mallory".into(),
        role: Role::None,
        reason: Some("Be kind".into()),
    };
    until("put out", || was_ordered(&page, &kick)).await;
    until("the dialog is gone", || page.all("dialog").is_empty()).await;
    person("Mallory").click();
    page.click("person-ban").await;
    page.click("deed-confirm").await;
    let ban = RoomOrder::SetAffiliation {
        room: jid(ROOM),
        who: jid("mallory@bench.test"),
        affiliation: Affiliation::Outcast,
        reason: None,
    };
    until("banned", || was_ordered(&page, &ban)).await;
    until("the dialog is gone", || page.all("dialog").is_empty()).await;
    person("Kibitz").click();
    page.click("person-voice").await;
    assert!(orders(&page).iter().any(|order| matches!(order, RoomOrder::SetRole { role: Role::Participant, .. })));
    until("closed", || page.find("menu").is_none()).await;
    person("Grace").click();
    page.see("menu").await;
    assert!(page.find("person-put-out").is_none(), "an owner is above an admin");
    page.click("person-mention").await;
    until("named", || value(&page.get("composer")) == "@Grace ").await;
    until("closed", || page.find("menu").is_none()).await;
    person("ليلى").click();
    page.see("menu").await;
    assert!(page.find("person-write").is_none() && page.find("person-ban").is_none(), "without an address");
    press("Escape");
}

#[wasm_bindgen_test]
async fn an_invitation_is_answered() {
    let page = Page::signed_in(vec![rooms::invitations(vec![rooms::invitation()])]);
    let card = page.see("room-invitation").await;
    let words = card.text_content().unwrap();
    assert!(words.contains("grace@bench.test invites you") && words.contains("We swap recipes here"), "{words}");
    let room = || jid("cooking@rooms.bench.test");
    page.click("invitation-decline").await;
    assert!(was_ordered(&page, &RoomOrder::AnswerInvitation { room: room(), accept: false }));
    page.click("invitation-accept").await;
    assert!(was_ordered(&page, &RoomOrder::AnswerInvitation { room: room(), accept: true }));
    page.client.apply(vec![rooms::invitations(Vec::new())]);
    until("gone", || page.find("room-invitation").is_none()).await;
    assert_eq!(page.get("message-list").get_attribute("data-jid").as_deref(), Some(room().as_str()));
}

/// The number of the search that was asked for last.
fn sought(page: &Page) -> Option<(u64, String)> {
    let find =
        |order: RoomOrder| if let RoomOrder::Find { number, text, .. } = order { Some((number, text)) } else { None };
    orders(page).into_iter().rev().find_map(find)
}

#[wasm_bindgen_test]
async fn a_group_chat_is_found_and_joined() {
    let page = Page::signed_in(fixture::people());
    page.click("new-chat").await;
    page.click("find-room").await;
    page.see("find-text").await;
    until("asked", || sought(&page).is_some()).await;
    page.write("find-text", "train");
    until("asked anew", || sought(&page).is_some_and(|(_, text)| text == "train")).await;
    let (number, _) = sought(&page).unwrap();
    page.client.apply(vec![rooms::found(number - 1, true)]);
    frame().await;
    assert!(page.find("found-room").is_none(), "the answer to another search");
    page.client.apply(vec![rooms::found(number, true)]);
    until("four", || page.all("[data-testid=found-room]").len() == 4).await;
    let first = page.get("found-room");
    let words = first.text_content().unwrap();
    assert!(words.contains("Night trains of Europe") && words.contains("310 participants"), "{words}");
    page.write("find-nick", "Sleeper");
    first.click();
    let join = RoomOrder::Join { room: jid("trains@rooms.bench.test"), nick: Some("Sleeper".into()), password: None };
    until("joined", || was_ordered(&page, &join)).await;
    let list = page.see("message-list").await;
    assert_eq!(list.get_attribute("data-jid").as_deref(), Some("trains@rooms.bench.test"));
    page.click("new-chat").await;
    page.click("find-room").await;
    page.see("find-text").await;
    page.write("find-text", "Other@Rooms.example");
    page.click("join-address").await;
    let join = RoomOrder::Join { room: jid("other@rooms.example"), nick: None, password: None };
    assert!(was_ordered(&page, &join));
}

#[wasm_bindgen_test]
async fn a_group_chat_is_made() {
    let page = Page::signed_in(fixture::people());
    page.click("new-chat").await;
    page.click("new-room").await;
    page.see("room-name").await;
    page.click("room-create").await;
    until("a complaint", || !page.all("dialog [role=alert]").is_empty()).await;
    page.write("room-name", "Book club");
    page.click("kind-channel").await;
    assert!(was_ordered(&page, &RoomOrder::SeekPlace));
    page.client.apply(vec![rooms::place()]);
    page.see("room-address").await;
    until("an address", || value(&page.get("room-address")) == "book-club@rooms.bench.test").await;
    page.write("room-address", "readers@rooms.bench.test");
    page.write("room-name", "Book club of Ada");
    page.write("invite-people", "hopper");
    page.click("invite-offer").await;
    until("chosen", || page.all(".chosen .tag").len() == 1).await;
    page.write("invite-people", "Friend@Elsewhere.example");
    page.click("room-create").await;
    let order = RoomOrder::Create {
        room: jid("readers@rooms.bench.test"),
        nick: None,
        kind: RoomKind::PublicChannel,
        name: Some("Book club of Ada".into()),
        invite: vec![jid("grace@bench.test"), jid("friend@elsewhere.example")],
    };
    until("made", || was_ordered(&page, &order)).await;
    // Nobody has said yet that there is such a group chat, and it looks like one.
    let list = page.see("message-list").await;
    assert_eq!(list.get_attribute("data-jid").as_deref(), Some("readers@rooms.bench.test"));
    until("its head", || page.get("chat-person").text_content().unwrap() == "RreadersJoining…").await;
    assert!(page.find("participants-open").is_some() && page.find("stranger").is_none());
    page.see("composer").await;
    // It was somebody's address after all.
    let news = Notice::Room(jid("readers@rooms.bench.test"), RoomNews::NoGroup);
    page.client.apply(vec![Change::Notice(news)]);
    until("a person", || page.find("participants-open").is_none()).await;
    let told = page.see("toast").await.text_content().unwrap();
    assert_eq!(told, "readers@rooms.bench.test: This is the address of a person, not of a group chat.");
}

#[wasm_bindgen_test]
async fn making_an_owner_is_asked_about_and_names_stand_for_addresses() {
    let page = opened(vec![rooms::told(Room { affiliation: Affiliation::Owner, ..rooms::room() })]).await;
    page.click("participants-open").await;
    page.see("participant").await;
    let guido = || {
        let rows = page.all("[data-testid=participant]");
        rows.into_iter().find(|row| row.get_attribute("data-nick").as_deref() == Some("Guido")).unwrap()
    };
    guido().click();
    page.click("person-owner").await;
    let asks = page.see("deed-confirm").await;
    assert_eq!(asks.text_content().as_deref(), Some("Make owner"));
    assert!(!orders(&page).iter().any(|order| matches!(order, RoomOrder::SetAffiliation { .. })), "not yet");
    asks.click();
    let who = jid("guido@bench.test");
    let made = RoomOrder::SetAffiliation { room: jid(ROOM), who, affiliation: Affiliation::Owner, reason: None };
    until("made", || was_ordered(&page, &made)).await;
    page.client.apply(vec![Change::Notice(Notice::Room(jid(ROOM), RoomNews::Belongs(Affiliation::Owner)))]);
    let told = page.see("toast").await.text_content().unwrap();
    assert_eq!(told, "Bird watchers: You are now: Owner");
}

#[wasm_bindgen_test]
async fn an_owner_sets_up_changes_lists_invites_and_destroys() {
    let owner = rooms::told(Room { affiliation: Affiliation::Owner, ..rooms::room() });
    let page = opened(vec![owner]).await;
    let room = || jid(ROOM);
    page.click("chat-details").await;
    page.click("room-settings-open").await;
    until("asked", || was_ordered(&page, &RoomOrder::Configure(room()))).await;
    page.client.apply(vec![rooms::form()]);
    until("the fields", || page.all("[data-testid=form-field]").len() == 4).await;
    page.click("settings-save").await;
    let submitted = |order: &RoomOrder| matches!(order, RoomOrder::Submit { answers: Some(all), .. } if all.len() == 4);
    until("submitted", || orders(&page).iter().any(submitted)).await;
    until("closed", || page.all("dialog").is_empty()).await;
    assert!(!was_ordered(&page, &RoomOrder::Submit { room: room(), answers: None }));
    page.click("chat-details").await;
    page.click("room-members").await;
    until("asked", || orders(&page).iter().any(|order| matches!(order, RoomOrder::ListMembers { .. }))).await;
    page.client.apply(vec![rooms::members()]);
    until("two", || page.all("[data-testid=member]").len() == 2).await;
    click(&page.get("member"), "[data-testid=member-remove]");
    let who = jid("guido@bench.test");
    let out = RoomOrder::SetAffiliation { room: room(), who, affiliation: Affiliation::None, reason: None };
    assert!(was_ordered(&page, &out));
    page.click("list-banned").await;
    let banned = RoomOrder::ListMembers { room: room(), affiliation: Affiliation::Outcast };
    until("the other list", || was_ordered(&page, &banned)).await;
    page.client.apply(vec![rooms::not_listed()]);
    let refused = page.see("not-listed").await.text_content().unwrap();
    assert_eq!(refused, "This list could not be had. That is not allowed.");
    click(&page.all("dialog")[0], "header .icon-button");
    until("closed", || page.all("dialog").is_empty()).await;
    page.click("chat-details").await;
    page.click("room-invite").await;
    page.see("invite-people").await;
    page.write("invite-people", "grace@bench.test");
    page.write("invite-reason", "Come and see");
    page.click("invite-submit").await;
    let invite = RoomOrder::Invite { room: room(), who: jid("grace@bench.test"), reason: Some("Come and see".into()) };
    until("invited", || was_ordered(&page, &invite)).await;
    page.click("chat-details").await;
    page.click("room-destroy").await;
    page.click("destroy-confirm").await;
    until("destroyed", || was_ordered(&page, &RoomOrder::Destroy { room: room(), alternate: None, reason: None }))
        .await;
}

#[wasm_bindgen_test]
async fn who_asks_to_write_is_answered_in_the_notice() {
    let page = opened(Vec::new()).await;
    page.client.apply(vec![rooms::wants_voice()]);
    page.click("voice-allow").await;
    assert!(was_ordered(&page, &RoomOrder::AnswerVoice { room: jid(ROOM), nick: "Kibitz".into(), allow: true }));
    until("it is told no more", || page.find("toast").is_none()).await;
}

#[wasm_bindgen_test]
async fn hostile_names_topics_and_reasons_are_text() {
    let evil = "<img src=x onerror=alert(1)>";
    let mut room = rooms::room();
    room.name = Some(evil.into());
    room.description = Some(evil.into());
    room.subject = Some(waxwing::domain::room::Subject { text: evil.into(), by: None });
    let person = rooms::occupant(99, "x", Affiliation::Owner, Role::Moderator);
    let mut person = Occupant { nick: evil.into(), address: None, ..person };
    person.hats = vec![evil.into()];
    let page = opened(vec![
        rooms::told(room),
        Change::Room(RoomChange::Occupants(jid(ROOM), vec![OccupantEdit::Put(person)])),
        fixture::insert(&jid(ROOM), rooms::said(20, evil, "hi", 0, None)),
    ])
    .await;
    page.click("participants-open").await;
    page.see("participant").await;
    page.click("chat-details").await;
    page.see("room-details").await;
    assert!(page.get("room-details").text_content().unwrap().contains(evil));
    assert!(page.all("[data-testid=author]").iter().any(|one| one.text_content().as_deref() == Some(evil)));
    assert!(page.all("img, script").is_empty());
}
