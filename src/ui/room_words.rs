//! The words about group chats; the others are in [`super::words`]. Why somebody is not let in, and what happened, is
//! worded in [`crate::present::rooms`].

macro_rules! words {
    ($($name:ident = $text:literal;)*) => {
        $(pub(crate) const $name: &str = $text;)*
    };
}

words! {
    // In the list and at the head
    GROUP_CHAT = "Group chat";
    PRIVATE_GROUP = "Private group";
    CHANNEL = "Channel";
    JOINING = "Joining…";
    LEFT = "You left this group chat.";
    NOT_IN = "You are not in this group chat.";
    MENTIONED = "You were mentioned";
    PARTICIPANTS = "Participants";

    // In place of the field
    JOIN = "Join";
    JOIN_AGAIN = "Join again";
    TRY_AGAIN = "Try again";
    GO_THERE = "Go to the new address";
    FORGET = "Remove from the list";
    PASSWORD = "Password";
    ONLY_READ = "You can read here, but not write.";
    ASK_TO_SPEAK = "Ask to write";
    ASKED_TO_SPEAK = "You asked to write. A moderator decides.";
    ALLOW = "Allow";
    REFUSE = "Do not allow";

    // Messages
    REMOVED = "Removed by a moderator";
    REMOVED_BY = "Removed by";
    REMOVE_FOR_ALL = "Remove for everyone";
    REMOVE_HINT = "Everybody sees that a message was removed, who did it, and the reason.";
    MATCHING_PEOPLE = "Matching participants";

    // To one participant alone
    ONLY_TO_YOU = "Privately, only to you";
    TO_ALL = "Write to everybody again";
    TO_ALL_AGAIN = "What you write goes to everybody here.";
    GONE_HINT = "Nothing is sent until you write to everybody again.";

    // Participants
    SEARCH_PEOPLE = "Search participants";
    NOBODY = "Nobody of this name is here";
    OWNERS = "Owners";
    ADMINS = "Admins";
    MEMBERS = "Members";
    GUESTS = "Guests";
    MAY_READ_ONLY = "Can only read";
    MODERATES = "Moderator";
    PERSON = "What to do about this participant";
    WRITE = "Write to them";
    WHISPER = "Write privately";
    MENTION = "Mention";
    LET_SPEAK = "Let them write";
    SILENCE = "Let them only read";
    MAKE_OWNER = "Make owner";
    MAKE_ADMIN = "Make admin";
    MAKE_MEMBER = "Make member";
    MAKE_GUEST = "Make guest";
    PUT_OUT = "Put out";
    PUT_OUT_HINT = "They leave the group chat, and can come back.";
    OWNER_HINT = "Owners decide about everything here, also about you. Only an owner can take that back.";
    BAN = "Ban";
    BAN_HINT = "They leave the group chat, and cannot come back.";
    REASON = "Reason";
    REASON_HINT = "Optional. They can read it.";

    // Making, finding, joining
    NEW = "New group chat";
    NEW_HINT = "A private group or a public channel";
    FIND = "Find a group chat";
    FIND_HINT = "In the list of the server, or by its address";
    CREATE = "Create";
    ROOM_NAME = "Name";
    ROOM_NAME_HINT = "What it is called, such as Book club";
    NAME_MISSING = "Please give it a name.";
    KIND = "Kind";
    PRIVATE_HINT = "Only those who are invited. All see the addresses of all.";
    CHANNEL_HINT = "Anybody can find it and join. Addresses stay hidden.";
    INVITE_PEOPLE = "People to invite";
    INVITE_HINT = "Names of contacts, or addresses";
    REMOVE_PERSON = "Do not invite";
    ADDRESS_HINT = "Where others find it";
    ADDRESS_WRONG = "This is not a complete address. It looks like name@rooms.example.org";
    NO_SERVICE = "Your server has no place for group chats. Enter an address on another one.";
    SEARCH_ROOMS = "Name or address";
    SEARCHING = "Searching…";
    NONE_FOUND = "No group chat found";
    NONE_FOUND_HINT = "Enter a whole address to join one that is in no list.";
    NOT_ALL = "Not everybody who was asked gave an answer.";
    JOIN_ADDRESS = "Join at this address";
    NICKNAME = "Your nickname there";
    NICKNAME_HINT = "The others see it. Empty: as you are called elsewhere.";

    // Invitations
    INVITATIONS = "Invitations to group chats";
    INVITES_YOU = "invites you";
    INVITED = "You are invited to this group chat";

    // About a group chat
    SEES_ALL = "All participants see your address.";
    SEES_FEW = "Only those who run it see your address.";
    KEPT_FOR_MEMBERS = "What is said here is kept. Members can read it later.";
    KEPT_FOR_ALL = "What is said here is kept. Those who come later can read it.";
    CHOOSE_PICTURE = "Choose a picture";
    TAKE_PICTURE = "Remove the picture";
    NO_PICTURE = "This file cannot be used as a picture.";
    TOPIC = "Topic";
    NO_TOPIC = "No topic";
    NICK_HERE = "Your nickname here";
    NOTIFY = "Tell me about";
    NOTIFY_ALL = "All";
    NOTIFY_MENTIONS = "Mentions";
    NOTIFY_NONE = "Nothing";
    AUTOJOIN = "Join on all my devices";
    INVITE = "Invite people";
    LISTS = "Members, bans";
    SETTINGS = "Settings";
    LOADING = "Asking the group chat…";
    LEAVE = "Leave";
    DESTROY = "Destroy group chat";
    DESTROY_HINT = "It ends for everybody, and cannot be brought back.";
    ALTERNATE = "Where to go instead";
    OPTIONAL = "Optional";
    BANNED = "Banned";
    NOBODY_LISTED = "Nobody";
    TAKE_OUT = "Remove";
    ADD = "Add";
}
