//! The contact list as rows: groups as headers, a contact under each of its groups.

use std::rc::Rc;

use crate::domain::contact::Contact;
use crate::domain::fold::fold;
use crate::domain::presence::Availability;
use crate::map::Map;
use crate::order;

/// A contact as it comes from the mirror, in the order of names.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// The contact.
    pub contact: &'a Contact,
    /// Its folded name.
    pub folded: &'a str,
    /// Names it.
    pub number: u32,
}

/// How the user wants the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arrangement {
    /// Who is there stands before who is not.
    pub by_availability: bool,
    /// The names of groups of which only the header is shown.
    pub collapsed: Vec<String>,
    /// What was typed into the search field.
    pub filter: String,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContactRow {
    /// The header of a group.
    Group {
        /// Its name; empty for contacts of no group.
        name: Rc<str>,
        /// Names the group.
        group: u32,
        /// How many of its contacts are there.
        online: u32,
        /// How many it has.
        total: u32,
        /// Whether its contacts are shown.
        open: bool,
    },
    /// A contact.
    Contact {
        /// Names the contact.
        number: u32,
        /// Names the group under which it stands.
        group: u32,
    },
}

impl ContactRow {
    /// A number that no other row of the list has, and that the row keeps.
    pub fn key(&self) -> u64 {
        match self {
            Self::Group { group, .. } => u64::from(*group) << 32 | u64::from(u32::MAX),
            Self::Contact { number, group } => u64::from(*group) << 32 | u64::from(*number),
        }
    }
}

/// Numbers the groups, so that a row can be named without hashing strings.
#[derive(Debug, Default)]
pub struct GroupNumbers(Map<Rc<str>, (u32, Rc<str>)>);

impl GroupNumbers {
    /// The number of a group, and its folded name.
    fn of(&mut self, name: &str) -> (u32, Rc<str>) {
        if let Some(known) = self.0.get(name) {
            return known.clone();
        }
        let known = (u32::try_from(self.0.len()).unwrap_or(u32::MAX), Rc::from(fold(name)));
        self.0.insert(name.into(), known.clone());
        known
    }
}

/// The rows of a contact list.
pub fn rows<'a>(
    entries: impl Iterator<Item = Entry<'a>>,
    arrangement: &Arrangement,
    numbers: &mut GroupNumbers,
) -> Vec<ContactRow> {
    let filter = fold(arrangement.filter.trim());
    if !filter.is_empty() {
        let found =
            entries.filter(|entry| entry.folded.contains(&filter) || entry.contact.address.as_str().contains(&filter));
        return sorted(found.collect(), arrangement)
            .map(|entry| ContactRow::Contact { number: entry.number, group: 0 })
            .collect();
    }
    // Sorted by folded name; contacts without a group come last.
    let mut groups: Map<(bool, Rc<str>, &str), Vec<Entry<'a>>> = Map::default();
    for entry in entries {
        for group in &entry.contact.groups {
            groups.entry((false, numbers.of(group).1, group)).or_default().push(entry);
        }
        if entry.contact.groups.is_empty() {
            groups.entry((true, "".into(), "")).or_default().push(entry);
        }
    }
    let only_one = groups.len() == 1 && groups.keys().all(|(ungrouped, ..)| *ungrouped);
    let mut groups: Vec<_> = groups.into_iter().collect();
    order::sort_by(&mut groups, |(a, _), (b, _)| a.cmp(b));
    let mut rows = Vec::new();
    for ((_, _, name), members) in groups {
        let group = numbers.of(name).0;
        let open = !arrangement.collapsed.iter().any(|closed| closed == name);
        if !only_one {
            let online = members.iter().filter(|entry| entry.contact.availability().is_online()).count();
            rows.push(ContactRow::Group {
                name: name.into(),
                group,
                online: count(online),
                total: count(members.len()),
                open,
            });
        }
        if open || only_one {
            rows.extend(sorted(members, arrangement).map(|entry| ContactRow::Contact { number: entry.number, group }));
        }
    }
    rows
}

fn sorted<'a>(mut entries: Vec<Entry<'a>>, arrangement: &Arrangement) -> impl Iterator<Item = Entry<'a>> {
    if arrangement.by_availability {
        // Dealt into piles, so that the order of names stays within each.
        let all = std::mem::take(&mut entries);
        for availability in Availability::BEST_FIRST {
            entries.extend(all.iter().filter(|entry| entry.contact.availability() == availability));
        }
    }
    entries.into_iter()
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::presence::Device;

    fn contact(name: &str, groups: &[&str], availability: Availability) -> Contact {
        let devices = match availability {
            Availability::Unavailable => Vec::new(),
            availability => vec![Device { resource: "r".into(), availability, ..Device::default() }],
        };
        Contact {
            name: Some(name.into()),
            groups: groups.iter().map(|&group| group.into()).collect(),
            devices,
            ..Contact::new(format!("{name}@x").parse().unwrap())
        }
    }

    fn shown(contacts: &[Contact], arrangement: &Arrangement) -> Vec<String> {
        let folded: Vec<String> = contacts.iter().map(|contact| fold(contact.display_name())).collect();
        let entries =
            contacts.iter().zip(&folded).zip(0..).map(|((contact, folded), number)| Entry { contact, folded, number });
        let rows = rows(entries, arrangement, &mut GroupNumbers::default());
        let keys: std::collections::HashSet<u64> = rows.iter().map(ContactRow::key).collect();
        assert_eq!(keys.len(), rows.len());
        rows.iter()
            .map(|row| match row {
                ContactRow::Group { name, online, total, .. } => format!("[{name}] {online}/{total}"),
                ContactRow::Contact { number, .. } => contacts[*number as usize].display_name().to_owned(),
            })
            .collect()
    }

    fn people() -> Vec<Contact> {
        vec![
            contact("ada", &["Work", "Émigrés"], Availability::Unavailable),
            contact("bea", &["Work"], Availability::Available),
            contact("cid", &[], Availability::Away),
        ]
    }

    #[test]
    fn a_contact_stands_in_each_of_its_groups() {
        let rows = shown(&people(), &Arrangement::default());
        assert_eq!(rows, ["[Émigrés] 0/1", "ada", "[Work] 1/2", "ada", "bea", "[] 1/1", "cid"]);
    }

    #[test]
    fn who_is_there_comes_first_if_wished() {
        let rows = shown(&people(), &Arrangement { by_availability: true, ..Arrangement::default() });
        assert_eq!(rows, ["[Émigrés] 0/1", "ada", "[Work] 1/2", "bea", "ada", "[] 1/1", "cid"]);
    }

    #[test]
    fn a_collapsed_group_shows_its_header_only() {
        let arrangement = Arrangement { collapsed: vec!["Work".to_owned()], ..Arrangement::default() };
        assert_eq!(shown(&people(), &arrangement), ["[Émigrés] 0/1", "ada", "[Work] 1/2", "[] 1/1", "cid"]);
    }

    #[test]
    fn a_search_shows_each_contact_once_and_no_groups() {
        let filter = |text: &str| Arrangement { filter: text.into(), ..Arrangement::default() };
        assert_eq!(shown(&people(), &filter(" ÁDA ")), ["ada"]);
        assert_eq!(shown(&people(), &filter("@x")), ["ada", "bea", "cid"]);
        assert!(shown(&people(), &filter("nobody")).is_empty());
    }

    #[test]
    fn without_groups_there_are_no_headers() {
        assert_eq!(shown(&people()[2..], &Arrangement::default()), ["cid"]);
    }
}
