//! The words of the interface, in one place, so that other languages can follow. What can go wrong and what states
//! mean is worded in [`crate::present::wording`].

macro_rules! words {
    ($($name:ident = $text:literal;)*) => {
        $(pub(crate) const $name: &str = $text;)*
    };
}

words! {
    CLOSE = "Close";
    CANCEL = "Cancel";
    SAVE = "Save";
    YOU = "You";

    // Signing in
    SIGN_IN = "Sign in";
    SIGNING_IN = "Signing in…";
    SIGN_IN_AGAIN = "Sign in again";
    SHOW_PASSWORD = "Show password";
    HIDE_PASSWORD = "Hide password";
    ADDRESS_MISSING = "Please enter your address, like name@example.org";
    ADDRESS_WRONG = "This is not a complete address. It looks like name@example.org";
    PASSWORD_MISSING = "Please enter your password.";
    SERVICE_WRONG = "The service address must begin with wss://";

    // The frame
    SIDEBAR = "Chats and contacts";
    CHATS = "Chats";
    CONTACTS = "Contacts";
    SEARCH = "Search or enter an address";
    CLEAR_SEARCH = "Clear search";
    ADD_CONTACT = "Add contact";
    SORT_BY_NAME = "Sorted by name. Sort by who is online";
    SORT_BY_AVAILABILITY = "Sorted by who is online. Sort by name";
    OTHERS = "No group";
    NO_CHATS = "No conversations yet";
    NO_CHATS_HINT = "Pick somebody from your contacts, or enter an address above.";
    NO_CONTACTS = "No contacts yet";
    NO_CONTACTS_HINT = "Add somebody by their address. They will be asked first.";
    NOTHING_FOUND = "Nobody found";
    NOTHING_FOUND_HINT = "Enter a whole address to write to somebody new.";
    PICK = "Pick a conversation";
    PICK_HINT = "Your messages appear here. Choose somebody on the left, or write to a new address.";
    NOTHING_YET = "Nothing here yet";
    NOTHING_YET_HINT = "What you have on the server appears when you are online.";
    OFFLINE = "You are offline.";
    TRY_NOW = "Try now";
    NOT_STORED = "Messages are not kept on this device: this browser gives no storage. They stay until you close the page.";
    FOUND = "Messages found";
    FOUND_MORE = "Show more";
    ON_SERVER = "On the server";
    ASKING_SERVER = "Asking the server too…";
    SERVER_FAILED = "The server could not be asked.";
    ONLY_HERE = "On this device";
    CONDITIONS = "Narrow the search";
    SEARCH_CHAT = "Search in this conversation";
    ONLY_ON_SERVER = "This message is only on the server, too far back to open in its place:";
    IS_GONE = "This message is no longer on this device:";
    REQUESTS = "Contact requests";
    ACCEPT = "Accept";
    DECLINE = "Decline";
    BLOCK = "Block";
    WANTS_TO_ADD = "wants to add you";

    // A conversation
    BACK = "Back to the list";
    MESSAGES = "Messages";
    DETAILS = "Details";
    SEND = "Send";
    NEW_MESSAGES = "New messages";
    JUMP = "Jump to the newest message";
    WRITING = "writing…";
    MESSAGE_ACTIONS = "What to do with this message";
    REACT = "React";
    MORE_SIGNS = "Other emoji";
    REACTIONS = "Reactions";
    REPLY = "Reply";
    MORE = "More";
    EDIT_TEXT = "Edit";
    COPY_TEXT = "Copy text";
    FORWARD = "Forward";
    MESSAGE_INFO = "About this message";
    REMOVE_MESSAGE = "Remove for everybody";
    REPLYING_TO = "Reply to";
    EDITING = "Edit message";
    QUOTED_BY = "Quoted by";
    A_MESSAGE = "A message";
    EDITED = "edited";
    EARLIER_TEXTS = "What it said before";
    BEING_REMOVED = "Is being removed…";
    CHANGE_WAITS = "The change waits for a connection.";
    CHANGE_REFUSED = "The change was not accepted.";
    CHANGE_UNKNOWN = "The change may not have arrived.";
    DISCARD_CHANGE = "Undo the change";
    WRITTEN = "Written";
    STATE = "State";
    SENDERS_ID = "The sender's number for it";
    SERVERS_ID = "The server's number for it";
    WRITTEN_BY = "By";
    FORWARD_TO = "Forward to";
    A_SPOILER = "Hidden text";
    TELL_ARRIVED = "that their messages arrived";
    TELL_READ = "that you read their messages";
    TELL_WRITING = "that you are writing";
    UNREADABLE = "This message cannot be shown.";
    RETRACTED = "This message was removed";
    SHOW_ALL = "Show all";
    RETRY = "Try again";
    DISCARD = "Delete";
    LOAD_OLDER = "Load earlier messages";
    LOADING_OLDER = "Loading earlier messages…";
    OLDER_FAILED = "Earlier messages could not be loaded.";
    NO_MESSAGES = "No messages yet";
    NO_MESSAGES_HINT = "Say hello.";
    NO_MESSAGES_OFFLINE = "What you write is sent when you are online.";
    DRAFT = "Draft";
    HELD = "A message was not sent; later ones wait for it.";
    SHOW = "Show";
    NOT_SENT = "A message was not sent";
    LOAD_MISSING = "Load them";
    FILES = "Files to send";
    DROP = "Drop files to send them";
    WAITS = "Waiting";
    SENDING = "Sending";
    LOAD_PICTURE = "Load picture from";
    NO_PICTURE = "This picture could not be loaded here.";
    OPEN_AT = "Open at";
    NOT_A_CONTACT = "Not in your contacts";
    SPOILER = "Spoiler";
    HIDE = "Hide";
    WRITE_TITLE = "Open a conversation?";
    WRITE_HINT = "A link in a message wants to open a conversation with:";
    WRITE = "Open";

    // Emoji
    EMOJI = "Emoji";
    EMOJI_SEARCH = "Search emoji";
    EMOJI_RECENT = "Recently used";
    EMOJI_GROUPS = "Groups of emoji";
    EMOJI_LOADING = "Loading emoji…";
    EMOJI_FAILED = "The emoji could not be loaded.";
    EMOJI_NONE = "No emoji found";
    EMOJI_MATCHES = "Matching emoji";
    SKIN_TONE = "Skin tone";

    // People
    ADDRESS = "Address";
    NAME = "Name";
    NAME_HINT = "How you call them. They do not see it.";
    GROUPS = "Groups";
    GROUPS_HINT = "Separated by commas, like Family, Work";
    EDIT = "Edit";
    EDIT_CONTACT = "Edit contact";
    REMOVE = "Remove";
    REMOVE_CONTACT = "Remove contact";
    REMOVE_HINT = "You will no longer see each other online. Your messages stay.";
    MESSAGE = "Message";
    DEVICES = "Devices";
    NO_DEVICES = "No device is online, or you are not shown any.";
    ASK = "Ask to see when they are online";
    ASKED = "You asked to see when they are online. They have not answered yet.";
    TAKE_BACK = "Take the question back";
    STOP_SEEING = "Stop seeing when they are online";
    STOP_SHOWING = "Stop showing them when you are online";
    APPROVE = "Accept them as soon as they ask";
    APPROVED = "They are accepted as soon as they ask.";
    SEE_EACH_OTHER = "You see each other online.";
    WE_SEE = "You see when they are online. They do not see you.";
    THEY_SEE = "They see when you are online. You do not see them.";
    NONE_SEES = "You do not see each other online.";

    // Own status
    STATUS = "Your status";
    STATUS_TEXT = "Status message";
    STATUS_HINT = "What are you up to?";
    APPEARANCE = "Appearance";
    THEME_SYSTEM = "System";
    THEME_LIGHT = "Light";
    THEME_DARK = "Dark";
    ENTER_SENDS = "Enter sends the message";
    LOG_OUT = "Log out";

    // The list of conversations
    NEW_CHAT = "New chat";
    NEW_CHAT_HINT = "Anybody's address, or the name of a contact.";
    START_CHAT = "Start chat";
    MESSAGE_REQUESTS = "Message requests";
    ARCHIVED = "Archived";
    BACK_TO_CHATS = "Back to all chats";
    REQUESTS_HINT = "From people who are not in your contacts. They do not learn that you read them.";
    ARRANGE = "This conversation";
    PIN = "Keep on top";
    UNPIN = "No longer on top";
    MUTE = "Mute";
    UNMUTE = "Unmute";
    ARCHIVE = "Archive";
    UNARCHIVE = "Back to the chats";
    DELETE = "Delete conversation";
    DELETE_HINT = "It goes from this device with all its messages. What the server keeps stays there.";
    PINNED = "Kept on top";
    MUTED = "Muted";

    // Strangers and blocked people
    UNBLOCK = "Unblock";
    REPORT = "Report spam and block";
    STRANGER = "This person is not in your contacts.";
    STRANGER_HINT = "If you answer or add them, they move to your chats.";
    BLOCKED_NOTE = "You blocked this person. You get nothing from each other.";
    BLOCKED_PERSON = "Blocked";
    BLOCKED_PEOPLE = "Blocked people";
    NOBODY_BLOCKED = "You blocked nobody.";

    // More about people
    CALLED = "They call themselves";
    WHO_SEES = "Who sees whom";
    YOUR_NAME = "Your name";
    YOUR_NAME_HINT = "How your contacts see you";
    PRIVACY = "Your contacts may know";
    TELL_IDLE = "since when you are away";
    TELL_TIME = "which time it is at your place";
}
