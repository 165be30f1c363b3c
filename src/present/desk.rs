//! Support desks, as their agents see them.

use super::text;
use super::wording::refusal;
use crate::domain::desk::DeskNews;

/// Something that happened to a visit, told once.
pub fn news(news: &DeskNews) -> String {
    match news {
        DeskNews::Waiting => "A visitor is waiting.".into(),
        DeskNews::Lost(by) => format!("{} took this visitor, too, and is with them now.", text::name(by)),
        DeskNews::Handed(from) => format!("{} handed a visitor over to you.", text::name(from)),
        DeskNews::NotShared(why) => format!("The other agents could not be told. {}", refusal(why)),
    }
}
