//! What `<waxwing-chat desk>` says to a visitor.

macro_rules! words {
    ($($name:ident = $text:literal;)*) => {
        $(pub(super) const $name: &str = $text;)*
    };
}

words! {
    // Before the conversation
    WELCOME = "How can we help you?";
    AWAY = "Away at the moment";
    AWAY_NOTE = "Nobody is here at the moment. Leave a message: you find the answer here when you come back.";
    NAME = "Name";
    EMAIL = "E-mail";
    TOPIC = "What is it about?";
    OPTIONAL = "(optional)";
    MISSING = "Please fill in what is missing.";
    BAD_EMAIL = "This is not a complete e-mail address.";
    BEGIN = "Start chat";
    LEAVE_MESSAGE = "Leave a message";
    VISITOR = "Visitor";

    // In it
    SOON = "Somebody will be with you soon.";
    MENU = "What to do with this conversation";
    SAVE = "Save as a file";
    KEEP = "Keep this conversation";
    KEEP_HINT = "Open it in the app, where you can sign in or make an account. Nothing of it is lost.";
    KEEP_OPEN = "Open the app";
    END = "End this conversation";
    END_QUESTION = "End this conversation?";
    ENDS_WITH_PAGE = "This conversation ends when you leave the page.";

    // After it
    LEFT = "The visitor has ended the conversation.";
    ENDED = "This conversation has ended.";
    AGAIN = "New conversation";
    NOT_ALL = "(Earlier messages are not in this file.)";
    FILE_NAME = "conversation.txt";
}
