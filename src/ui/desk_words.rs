//! The words about support desks, for their agents; the others are in [`super::words`].

macro_rules! words {
    ($($name:ident = $text:literal;)*) => {
        $(pub(crate) const $name: &str = $text;)*
    };
}

words! {
    // In the list
    VISITORS = "Visitors";
    VISITOR = "Visitor";
    NONE_WAITS = "No visitor is waiting.";
    WAITS_SINCE = "Waiting since";
    WITH = "With";
    MORE = "More are waiting.";
    TAKE = "Take";
    TAKE_OVER = "Take over";

    // In the conversation
    WITH_YOU = "You are with this visitor.";
    WITH_OTHER = "is with this visitor.";
    WITH_NOBODY = "Nobody is with this visitor.";
    IS_OVER = "This conversation has ended. The visitor can still read it for two weeks.";
    HAND_OVER = "Hand over";
    PUT_BACK = "Put back";
    END = "End";

    // Dialogs
    HAND_OVER_HINT = "To whom? The visitor stays in the same conversation.";
    OTHER_AGENT = "Another agent's name";
    END_TITLE = "End the conversation";
    END_HINT = "The visitor can read what was said, but write no more.";
    FAREWELL = "Last words";
    FAREWELL_TEXT = "This conversation has ended. Thank you for your visit.";

    // The account
    IS_DESK = "This account is a support desk";
    IS_DESK_HINT = "Visitors of your website who ask for help are listed beside your chats.";
    AGENT_NAME = "Your name at the desk";
    AGENT_NAME_HINT = "Visitors see it. Everybody who signs in to this account needs a name of their own.";
}
