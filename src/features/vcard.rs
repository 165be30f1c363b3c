//! XEP-0054: the picture in the card of an address; XEP-0153: how it is announced. XEP-0486 gives group chats pictures
//! in this way.

use base64ct::{Base64, Encoding};

use super::{Context, Purpose};
use crate::condition::Condition;
use crate::domain::face::{Face, MOST};
use crate::domain::room::{RoomNews, RoomWish};
use crate::jid::BareJid;
use crate::wire::ns;
use crate::wire::stanza::IqKind;
use crate::wire::stanza_error::StanzaError;
use crate::wire::xml::Element;

/// Pictures of one card that are looked at.
const PICTURES: usize = 4;

/// What was asked of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Its picture.
    Picture(BareJid),
    /// Its card, which is to have another picture then, or none.
    Before(BareJid, Option<Box<Face>>),
    /// To keep that.
    Set(BareJid),
}

/// The name of the picture that a presence announces; an empty one, if it announces that there is none. `None`, if
/// it says nothing about that.
pub fn announced(payloads: &[Element]) -> Option<String> {
    let update = payloads.iter().find(|payload| payload.is(ns::VCARD_UPDATE, "x"))?;
    Some(update.child(ns::VCARD_UPDATE, "photo")?.text().trim().to_owned())
}

/// Asks an address for its picture.
pub fn fetch(context: &mut Context<'_>, whose: BareJid) {
    ask(context, whose.clone(), Asked::Picture(whose));
}

/// Gives a group chat another picture, or none. What else is in its card stays.
pub fn change(context: &mut Context<'_>, room: &BareJid, face: Option<Face>) {
    ask(context, room.clone(), Asked::Before(room.clone(), face.map(Box::new)));
}

fn ask(context: &mut Context<'_>, whom: BareJid, asked: Asked) {
    context.ask_of(whom.into(), IqKind::Get(Element::new(ns::VCARD, "vCard")), Purpose::Vcard(asked));
}

/// The answer of the address. The group chat whose picture is another one now, if it is.
pub fn answered(
    context: &mut Context<'_>,
    asked: Asked,
    answer: Result<Option<&Element>, StanzaError>,
) -> Option<BareJid> {
    match (asked, answer) {
        (Asked::Picture(whose), Err(error)) if error.condition == Condition::RemoteServerTimeout => {
            context.domain.faces.silent(&whose);
            None
        }
        (Asked::Picture(whose), answer) => {
            let card = answer.ok().flatten().filter(|card| card.is(ns::VCARD, "vCard"));
            let photos = card.into_iter().flat_map(Element::children).filter(|child| is_photo(child)).take(PICTURES);
            let files = photos.filter_map(file).collect();
            context.domain.faces.came(&whose, files);
            None
        }
        (Asked::Before(room, face), answer) => {
            let mut card = Element::new(ns::VCARD, "vCard");
            let known = answer.ok().flatten();
            let others = known.into_iter().flat_map(Element::children).filter(|child| !is_photo(child));
            others.cloned().for_each(|child| card.push(child));
            if let Some(face) = face {
                let field = |name, text: &str| Element::new(ns::VCARD, name).text_with(text);
                let data = field("BINVAL", &Base64::encode_string(&face.bytes));
                let photo = Element::new(ns::VCARD, "PHOTO").child_with(field("TYPE", face.kind.media_type()));
                card.push(photo.child_with(data));
            }
            context.ask_of(room.clone().into(), IqKind::Set(card), Purpose::Vcard(Asked::Set(room)));
            None
        }
        (Asked::Set(room), Ok(_)) => Some(room),
        (Asked::Set(room), Err(error)) => {
            context.domain.rooms.news(&room, RoomNews::Refused(RoomWish::Picture, error.into()));
            None
        }
    }
}

fn is_photo(child: &Element) -> bool {
    child.is(ns::VCARD, "PHOTO")
}

fn file(photo: &Element) -> Option<Vec<u8>> {
    let mut text = photo.child(ns::VCARD, "BINVAL")?.text();
    text.retain(|c| !c.is_ascii_whitespace());
    // Four characters are three bytes.
    (text.len() / 4 <= MOST / 3 + 1).then(|| Base64::decode_vec(&text).ok()).flatten()
}
