//! XEP-0393: Message Styling, XEP-0245: The /me Command. What a text says about its own looks, as a tree. The tree
//! borrows from the text and holds all of it, marks and all; nothing of it is markup.
//!
//! Reading takes time in proportion to the text, whatever stands in it.

mod links;
mod mentions;
mod spans;
#[cfg(test)]
mod tests;

pub use links::{Part, SCHEMES, parts};
pub use mentions::{mentions, mentions_in, nickname_in};

/// How deep quotations are read; deeper ones show their marks.
pub const DEPTH: u8 = 6;

/// The most quotations and preformatted blocks in one text; what follows is plain lines.
const BLOCKS: usize = 300;

/// The most styled spans in one text.
const SPANS: usize = 1_000;

/// A piece of a text that begins and ends with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block<'a> {
    /// One line.
    Line {
        /// The marks of the quotations it stands in.
        lead: &'a str,
        /// What it says.
        spans: Vec<Span<'a>>,
    },
    /// Lines that are shown as they are: the first begins the block.
    Pre {
        /// All its lines, the mark before them included.
        rows: Vec<Row<'a>>,
        /// Whether the last line is the mark that ends the block.
        closed: bool,
    },
    /// A quotation.
    Quote(Vec<Block<'a>>),
}

/// A piece of one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span<'a> {
    /// As it is.
    Text(&'a str),
    /// Begins with a scheme of [`SCHEMES`].
    Link(&'a str),
    /// Between two marks of its style.
    Styled(Style, Vec<Span<'a>>),
}

/// How a span looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Written `*strong*`.
    Strong,
    /// Written `_emphasised_`.
    Emphasis,
    /// Written `~struck~`.
    Strike,
    /// Written between grave accents; holds one text and nothing else.
    Code,
}

impl Style {
    /// The mark before and after the span.
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Strong => "*",
            Self::Emphasis => "_",
            Self::Strike => "~",
            Self::Code => "`",
        }
    }

    const fn of(mark: u8) -> Option<Self> {
        match mark {
            b'*' => Some(Self::Strong),
            b'_' => Some(Self::Emphasis),
            b'~' => Some(Self::Strike),
            b'`' => Some(Self::Code),
            _ => None,
        }
    }

    const fn index(self) -> u8 {
        self as u8
    }
}

/// One line, and how much of its beginning is the marks of quotations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row<'a> {
    line: &'a str,
    lead: usize,
}

impl<'a> Row<'a> {
    /// The marks of the quotations that the line stands in.
    pub fn lead(&self) -> &'a str {
        self.line.get(..self.lead).unwrap_or_default()
    }

    /// The rest of the line.
    pub fn text(&self) -> &'a str {
        self.line.get(self.lead..).unwrap_or_default()
    }

    /// Takes the mark of a quotation, and the one white space that goes with it.
    fn quote(&mut self) {
        let after = self.text().get(1..).and_then(|after| after.chars().next());
        let space = after.filter(|c| c.is_whitespace()).map_or(0, char::len_utf8);
        self.lead = self.lead.saturating_add(1).saturating_add(space);
    }
}

/// How much more of a text may become what.
struct Limits {
    blocks: usize,
    spans: usize,
    links: usize,
}

/// The blocks of a text; between two lines of them is one line break. With `styled` off (the sender said `unstyled`)
/// there are only plain lines with links.
pub fn blocks(text: &str, styled: bool) -> Vec<Block<'_>> {
    let some = |limit: usize| if styled { limit } else { 0 };
    let mut limits = Limits { blocks: some(BLOCKS), spans: some(SPANS), links: links::LINKS };
    let mut rows: Vec<Row<'_>> = text.split('\n').map(|line| Row { line, lead: 0 }).collect();
    read(&mut rows, 0, &mut limits)
}

/// What somebody does, if the text begins with `/me ` (XEP-0245).
pub fn action(text: &str) -> Option<&str> {
    text.strip_prefix("/me ")
}

fn read<'a>(rows: &mut [Row<'a>], depth: u8, limits: &mut Limits) -> Vec<Block<'a>> {
    let mut blocks = Vec::new();
    let mut rest = rows;
    while let Some(first) = rest.first() {
        let text = first.text();
        let number = match text {
            _ if limits.blocks == 0 => 0,
            text if text.starts_with("```") => {
                // Up to and with the line that ends it, or to the end of what this stands in.
                let end = rest.iter().skip(1).position(|row| row.text() == "```");
                end.map_or(rest.len(), |end| end.saturating_add(2))
            }
            text if text.starts_with('>') && depth < DEPTH => {
                rest.iter().take_while(|row| row.text().starts_with('>')).count()
            }
            _ => 0,
        };
        let Some((taken, behind)) = rest.split_at_mut_checked(number.max(1)) else { break };
        rest = behind;
        if number == 0 {
            let spans = spans::spans(text, limits);
            blocks.extend(taken.first().map(|row| Block::Line { lead: row.lead(), spans }));
            continue;
        }
        limits.blocks = limits.blocks.saturating_sub(1);
        if text.starts_with('>') {
            taken.iter_mut().for_each(Row::quote);
            blocks.push(Block::Quote(read(taken, depth.saturating_add(1), limits)));
        } else {
            let closed = taken.len() > 1 && taken.last().is_some_and(|row| row.text() == "```");
            blocks.push(Block::Pre { rows: taken.to_vec(), closed });
        }
    }
    blocks
}
