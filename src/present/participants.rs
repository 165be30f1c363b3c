//! Who is in a group chat as rows, and what the user may do about each of them.

use std::rc::Rc;

use crate::domain::fold::fold;
use crate::domain::room::{Affiliation, Occupant, Role, Room};

/// One row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonRow {
    /// Says how those below belong to the group chat, and how many they are.
    Heading(Affiliation, u32),
    /// A participant, by number.
    Person(u64),
}

impl PersonRow {
    /// A number that no other row of the list has, and that the row keeps.
    pub const fn key(&self) -> u64 {
        match self {
            Self::Heading(affiliation, _) => u64::MAX.saturating_sub(*affiliation as u64),
            Self::Person(number) => *number,
        }
    }
}

/// The groups, as they follow each other. Who is banned is not there, whatever a server says.
const GROUPS: [Affiliation; 4] = [Affiliation::Owner, Affiliation::Admin, Affiliation::Member, Affiliation::None];

/// The rows: the user first, then those who own it, run it, belong to it, and guests, each in the order in which they
/// come. `filter` is what was typed.
pub fn rows(people: &[Rc<Occupant>], filter: &str) -> Vec<PersonRow> {
    let filter = fold(filter.trim());
    let mut me = None;
    let mut groups: [Vec<u64>; 4] = Default::default();
    for one in people {
        if !filter.is_empty() && !fold(&one.nick).contains(&filter) {
            continue;
        }
        if one.is_me {
            me = Some(PersonRow::Person(one.number));
            continue;
        }
        let [owners, admins, members, guests] = &mut groups;
        match one.affiliation {
            Affiliation::Owner => owners.push(one.number),
            Affiliation::Admin => admins.push(one.number),
            Affiliation::Member => members.push(one.number),
            Affiliation::None | Affiliation::Outcast => guests.push(one.number),
        }
    }
    let mut rows: Vec<PersonRow> = me.into_iter().collect();
    for (affiliation, group) in GROUPS.into_iter().zip(groups) {
        if !group.is_empty() {
            rows.push(PersonRow::Heading(affiliation, u32::try_from(group.len()).unwrap_or(u32::MAX)));
            rows.extend(group.into_iter().map(PersonRow::Person));
        }
    }
    rows
}

/// What can be done about a participant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Write to their address, as everybody there could.
    Write,
    /// Write to them alone, in the group chat.
    Whisper,
    /// Name them in the field for a message.
    Mention,
    /// Let them write.
    Voice,
    /// Let them only read.
    Silence,
    /// Let them belong to it in another way.
    Make(Affiliation),
    /// They leave, and can come back.
    PutOut,
    /// They leave, and cannot come back.
    Ban,
}

/// What the user may do about a participant (XEP-0045 §5.1.1, §5.2.1, §8, §9). The group chat has the last word; what
/// it would certainly refuse is not offered. How somebody belongs to it can be changed only by their address.
pub fn deeds(room: &Room, them: &Occupant) -> Vec<Deed> {
    let mut deeds = Vec::new();
    if them.is_me {
        return deeds;
    }
    let is_known = them.address.is_some();
    if is_known && room.traits.non_anonymous {
        deeds.push(Deed::Write);
    } else if room.may_whisper() {
        deeds.push(Deed::Whisper);
    }
    if room.may_speak() {
        deeds.push(Deed::Mention);
    }
    let above = them.affiliation < room.affiliation;
    let reaches = above || (them.affiliation == room.affiliation && them.affiliation < Affiliation::Admin);
    let moderates = room.role == Role::Moderator;
    match them.role {
        Role::Visitor if moderates => deeds.push(Deed::Voice),
        Role::Participant if moderates && reaches => deeds.push(Deed::Silence),
        _ => {}
    }
    let owns = room.affiliation == Affiliation::Owner;
    let decides = room.affiliation >= Affiliation::Admin && is_known;
    if decides && (above || owns) {
        let given = GROUPS.into_iter().filter(|&group| group != them.affiliation);
        deeds.extend(given.filter(|&group| owns || group < Affiliation::Admin).map(Deed::Make));
    }
    if moderates && reaches {
        deeds.push(Deed::PutOut);
    }
    if decides && above {
        deeds.push(Deed::Ban);
    }
    deeds
}

/// What an address for a group chat of this name could begin with; nothing, if the name has no letter.
pub fn local_part(name: &str) -> String {
    let mut local = String::new();
    for character in fold(name).chars() {
        if character.is_alphanumeric() {
            local.push(character);
        } else if !local.is_empty() && !local.ends_with('-') {
            local.push('-');
        }
        if local.len() >= 48 {
            break;
        }
    }
    local.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::presence::Availability;
    use crate::domain::room::{Phase, Traits, Whispers};

    fn person(number: u64, nick: &str, affiliation: Affiliation, role: Role) -> Occupant {
        Occupant {
            number,
            nick: nick.into(),
            occupant_id: None,
            address: Some("them@x".parse().unwrap()),
            role,
            affiliation,
            hats: Vec::new(),
            availability: Availability::Available,
            is_me: false,
        }
    }

    fn room(affiliation: Affiliation, role: Role) -> Room {
        let room = Room::new("r@x".parse().unwrap(), "me".into());
        let traits = Traits { known: true, non_anonymous: true, ..Traits::default() };
        Room { affiliation, role, traits, phase: Phase::Joined, ..room }
    }

    #[test]
    fn the_user_is_first_and_the_others_stand_in_their_groups() {
        use PersonRow::{Heading, Person};
        let people: Vec<Rc<Occupant>> = [
            person(1, "Ada", Affiliation::Owner, Role::Moderator),
            person(2, "Bea", Affiliation::None, Role::Moderator),
            Occupant { is_me: true, ..person(3, "me", Affiliation::Member, Role::Participant) },
            person(4, "Éva", Affiliation::Member, Role::Participant),
            person(5, "Fay", Affiliation::None, Role::Visitor),
        ]
        .map(Rc::new)
        .into();
        let wanted = [
            Person(3),
            Heading(Affiliation::Owner, 1),
            Person(1),
            Heading(Affiliation::Member, 1),
            Person(4),
            Heading(Affiliation::None, 2),
            Person(2),
            Person(5),
        ];
        assert_eq!(rows(&people, ""), wanted);
        assert_eq!(rows(&people, " EVA "), [Heading(Affiliation::Member, 1), Person(4)]);
        assert!(rows(&people, "nobody").is_empty());
    }

    #[test]
    fn nobody_is_offered_what_would_be_refused() {
        let guest = person(1, "Gus", Affiliation::None, Role::Participant);
        let of = |room: &Room, them: &Occupant| deeds(room, them);
        let me = room(Affiliation::None, Role::Participant);
        assert_eq!(of(&me, &guest), [Deed::Write, Deed::Mention]);
        let hidden = Occupant { address: None, ..guest.clone() };
        assert_eq!(of(&me, &hidden), [Deed::Mention]);
        let moderator = room(Affiliation::None, Role::Moderator);
        assert_eq!(of(&moderator, &hidden), [Deed::Mention, Deed::Silence, Deed::PutOut]);
        let admin = room(Affiliation::Admin, Role::Moderator);
        let make = Deed::Make(Affiliation::Member);
        assert_eq!(of(&admin, &guest), [Deed::Write, Deed::Mention, Deed::Silence, make, Deed::PutOut, Deed::Ban]);
        let owner = person(2, "Olga", Affiliation::Owner, Role::Moderator);
        assert_eq!(of(&admin, &owner), [Deed::Write, Deed::Mention]);
        let other = room(Affiliation::Owner, Role::Moderator);
        assert!(of(&other, &owner).contains(&Deed::Make(Affiliation::Admin)), "owners may change owners");
        assert!(!of(&other, &owner).contains(&Deed::Ban));
        let quiet = person(3, "Vic", Affiliation::None, Role::Visitor);
        assert!(of(&moderator, &quiet).contains(&Deed::Voice));
        assert!(of(&other, &Occupant { is_me: true, ..owner }).is_empty());
    }

    #[test]
    fn where_addresses_are_hidden_one_writes_to_somebody_alone_in_the_group_chat() {
        let guest = person(1, "Gus", Affiliation::None, Role::Participant);
        let hidden = |role, whispers| {
            let traits = Traits { known: true, whispers, ..Traits::default() };
            Room { traits, ..room(Affiliation::None, role) }
        };
        // Who runs it sees the address all the same, which others do not.
        for role in [Role::Participant, Role::Moderator] {
            assert_eq!(deeds(&hidden(role, Whispers::All), &guest)[..2], [Deed::Whisper, Deed::Mention]);
        }
        assert_eq!(deeds(&hidden(Role::Participant, Whispers::Moderators), &guest), [Deed::Mention]);
        assert_eq!(deeds(&hidden(Role::Moderator, Whispers::Moderators), &guest)[0], Deed::Whisper);
        assert_eq!(deeds(&hidden(Role::Moderator, Whispers::None), &guest)[0], Deed::Mention);
        assert!(deeds(&hidden(Role::Visitor, Whispers::All), &guest).is_empty(), "who may only read has no field");
    }

    #[test]
    fn a_name_gives_an_address() {
        assert_eq!(local_part("Book club!"), "book-club");
        assert_eq!(local_part("  Čaj & káva "), "caj-kava");
        assert_eq!(local_part("🎉"), "");
    }
}
