//! The words about accounts and invitations; the others are in [`super::words`].

macro_rules! words {
    ($($name:ident = $text:literal;)*) => {
        $(pub(crate) const $name: &str = $text;)*
    };
}

words! {
    // Making an account
    NEW_ACCOUNT = "Create an account";
    CREATE = "Create account";
    CREATING = "Creating the account…";
    CONTINUE = "Continue";
    BACK = "Back to sign-in";
    SERVER = "Server or invitation";
    SERVER_HINT = "The server that your address is to be on, or an invitation link that you were given.";
    SERVER_MISSING = "Please enter a server, like example.org, or an invitation link.";
    ASKING = "Asking the server…";
    USER_NAME = "Name";
    USER_NAME_WRONG = "This name cannot be part of an address. Choose another one.";
    PASSWORD = "Password";
    FIELD_MISSING = "This is needed.";
    ELSEWHERE = "Use a page of the server instead";
    PICTURE = "Picture from the server";
    SEE = "Open the picture in a new tab";
    HEAR = "Listen in a new tab";
    REMEMBER = "Keep me signed in on this device";
    NONE_CHOSEN = "Please choose";

    // Invitations
    INVITATION = "Invitation";
    INVITES_YOU = " invites you to chat.";
    INVITED_TO = "You are invited to create an account on ";
    SIGN_IN_INSTEAD = "Create an account to chat with them, or sign in below with one that you have: then you are asked before they are added.";
    SIGN_IN_FIRST = "Sign in to answer. You are asked before they are added.";
    GOES_ON = "You are about to go into a group chat.";
    GOES_ON_HINT = "Sign in, or create an account below. You are asked before you go in.";
    IS_A_GROUP = " is a group chat. Go in?";
    NOT_NOW = "No, thanks";
    INVITED_HINT = "You will see each other online once they accept.";
    INVITED_NAME = "Their name";
    ACCEPT = "Add and chat";
    FOR_NEW_ACCOUNTS = "This invitation is for a new account. Log out first to use it.";
    INVITE = "Invite somebody by a link";
    INVITE_LINK = "Pass this link on. Whoever opens it becomes your contact.";
    COPY = "Copy";
    COPIED = "Copied";

    // Password and removal
    ACCOUNT = "Account";
    CHANGE_PASSWORD = "Change password";
    NEW_PASSWORD = "New password";
    NEW_PASSWORD_AGAIN = "New password again";
    PASSWORDS_DIFFER = "The two passwords are not the same.";
    PASSWORD_CHANGED = "Your password was changed. Your other devices will ask for it.";
    REMOVE_ACCOUNT = "Delete account";
    REMOVE_ACCOUNT_HINT = "Your account, your contacts and what the server keeps for you are deleted for good, and so is what is kept on this device. Type your address to confirm.";
    REMOVE_WRONG = "This is not the address of your account.";
    REMOVED = "Your account was deleted.";
    NOT_CONNECTED = "There is no connection at the moment. Try again when you are online.";
    WORKING = "Asking the server…";
}
