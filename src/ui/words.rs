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
}
