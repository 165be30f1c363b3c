//! Every namespace that this client speaks, under the document that defines it.

macro_rules! namespaces {
    ($($(#[$doc:meta])* $name:ident = $value:literal;)*) => {
        $($(#[$doc])* pub const $name: &str = $value;)*

        /// The constant with this value, so that a parsed namespace costs no allocation.
        pub(crate) fn known(namespace: &str) -> Option<&'static str> {
            match namespace {
                $($value => Some($name),)*
                _ => None,
            }
        }
    };
}

namespaces! {
    /// The prefix `xml` (Namespaces in XML 1.0 §3).
    XML = "http://www.w3.org/XML/1998/namespace";
    /// The prefix `xmlns` (Namespaces in XML 1.0 §3).
    XMLNS = "http://www.w3.org/2000/xmlns/";
    /// RFC 6120: stanzas between client and server.
    CLIENT = "jabber:client";
    /// RFC 6120: stream features and errors.
    STREAM = "http://etherx.jabber.org/streams";
    /// RFC 6120: conditions of stream errors.
    STREAM_ERRORS = "urn:ietf:params:xml:ns:xmpp-streams";
    /// RFC 6120: conditions of stanza errors.
    STANZA_ERRORS = "urn:ietf:params:xml:ns:xmpp-stanzas";
    /// RFC 6120: SASL.
    SASL = "urn:ietf:params:xml:ns:xmpp-sasl";
    /// RFC 6120: resource binding.
    BIND = "urn:ietf:params:xml:ns:xmpp-bind";
    /// XEP-0004: data forms.
    DATA = "jabber:x:data";
    /// XEP-0050: commands.
    COMMANDS = "http://jabber.org/protocol/commands";
    /// XEP-0059: one page of a long result.
    RSM = "http://jabber.org/protocol/rsm";
    /// XEP-0313: the archive.
    MAM = "urn:xmpp:mam:2";
    /// RFC 3921: session establishment, obsolete but still asked for.
    SESSION = "urn:ietf:params:xml:ns:xmpp-session";
    /// RFC 7395: XMPP over WebSocket.
    FRAMING = "urn:ietf:params:xml:ns:xmpp-framing";
    /// RFC 6121: the contact list.
    ROSTER = "jabber:iq:roster";
    /// RFC 6121: the contact list has versions.
    ROSTER_VERSIONS = "urn:xmpp:features:rosterver";
    /// RFC 6121: requests can be approved before they come.
    PRE_APPROVAL = "urn:xmpp:features:pre-approval";
    /// RFC 6415: the host-meta document.
    XRD = "http://docs.oasis-open.org/ns/xri/xrd-1.0";
    /// XEP-0030: what an entity is and can do.
    DISCO_INFO = "http://jabber.org/protocol/disco#info";
    /// XEP-0030: what belongs to an entity.
    DISCO_ITEMS = "http://jabber.org/protocol/disco#items";
    /// XEP-0077: making, changing and removing an account.
    REGISTER = "jabber:iq:register";
    /// XEP-0092: software version.
    VERSION = "jabber:iq:version";
    /// XEP-0066: the address of a file beside the text.
    OOB = "jabber:x:oob";
    /// XEP-0085: whether somebody is writing.
    CHAT_STATES = "http://jabber.org/protocol/chatstates";
    /// XEP-0115: entity capabilities.
    CAPS = "http://jabber.org/protocol/caps";
    /// XEP-0156: the relation of a WebSocket address (§3).
    ALTERNATIVE_WEBSOCKET = "urn:xmpp:alt-connections:websocket";
    /// XEP-0172: nickname.
    NICK = "http://jabber.org/protocol/nick";
    /// XEP-0172: the wish to be told (XEP-0163 §4.3.3).
    NICK_NOTIFY = "http://jabber.org/protocol/nick+notify";
    /// XEP-0184: a device has a message.
    RECEIPTS = "urn:xmpp:receipts";
    /// XEP-0191: blocking.
    BLOCKING = "urn:xmpp:blocking";
    /// XEP-0198: stream management.
    SM = "urn:xmpp:sm:3";
    /// XEP-0199: ping.
    PING = "urn:xmpp:ping";
    /// XEP-0202: the time at somebody's place.
    TIME = "urn:xmpp:time";
    /// XEP-0203: delayed delivery.
    DELAY = "urn:xmpp:delay";
    /// XEP-0221: what must be seen or heard in order to answer a form.
    MEDIA = "urn:xmpp:media-element";
    /// XEP-0231: small files inside a stanza.
    BITS = "urn:xmpp:bob";
    /// XEP-0280: message carbons.
    CARBONS = "urn:xmpp:carbons:2";
    /// XEP-0297: forwarded stanzas.
    FORWARD = "urn:xmpp:forward:0";
    /// XEP-0308: a message in place of an earlier one.
    CORRECT = "urn:xmpp:message-correct:0";
    /// XEP-0319: since when nobody has used a device.
    IDLE = "urn:xmpp:idle:1";
    /// XEP-0333: somebody saw a message.
    MARKERS = "urn:xmpp:chat-markers:0";
    /// XEP-0334: what servers should do with a message.
    HINTS = "urn:xmpp:hints";
    /// XEP-0352: client state indication.
    CSI = "urn:xmpp:csi:0";
    /// XEP-0060: publishing and asking for items.
    PUBSUB = "http://jabber.org/protocol/pubsub";
    /// XEP-0060: what the owner of a node may do (§8).
    PUBSUB_OWNER = "http://jabber.org/protocol/pubsub#owner";
    /// XEP-0060: the form that configures a node (§8.2).
    NODE_CONFIG = "http://jabber.org/protocol/pubsub#node_config";
    /// XEP-0060: an item was published.
    PUBSUB_EVENT = "http://jabber.org/protocol/pubsub#event";
    /// XEP-0060: a node that does not fit what is published is refused (§7.1.5).
    PUBLISH_OPTIONS = "http://jabber.org/protocol/pubsub#publish-options";
    /// XEP-0363: a place on the web for a file.
    UPLOAD = "urn:xmpp:http:upload:0";
    /// XEP-0382: a text that one asks for before it is shown.
    SPOILER = "urn:xmpp:spoiler:0";
    /// XEP-0393: marks in a text that say how it looks.
    STYLING = "urn:xmpp:styling:0";
    /// XEP-0424: a message is taken back.
    RETRACT = "urn:xmpp:message-retract:1";
    /// XEP-0428: text for those who do not know better.
    FALLBACK = "urn:xmpp:fallback:0";
    /// XEP-0444: a sign in answer to a message.
    REACTIONS = "urn:xmpp:reactions:0";
    /// XEP-0461: to which message one answers.
    REPLY = "urn:xmpp:reply:0";
    /// XEP-0379: a token of an invitation.
    PRE_AUTH = "urn:xmpp:pars:0";
    /// XEP-0401: the command that makes an invitation (§3.1).
    INVITE = "urn:xmpp:invite#invite";
    /// XEP-0445: accounts are made for whoever shows a token.
    REGISTER_BY_TOKEN = "urn:xmpp:ibr-token:0";
    /// XEP-0490: how far a conversation was read.
    DISPLAYED = "urn:xmpp:mds:displayed:0";
    /// XEP-0490: the wish to be told (XEP-0163 §4.3.3).
    DISPLAYED_NOTIFY = "urn:xmpp:mds:displayed:0+notify";
    /// XEP-0377: telling the server of unwanted messages.
    REPORTING = "urn:xmpp:reporting:1";
    /// XEP-0377: because they are spam (§2).
    REPORTING_SPAM = "urn:xmpp:reporting:spam";
    /// XEP-0359: unique and stable stanza ids.
    SID = "urn:xmpp:sid:0";
    /// XEP-0045: groups; what a participant adds to a message.
    MUC_USER = "http://jabber.org/protocol/muc#user";
    /// XEP-0045: groups; going in.
    MUC = "http://jabber.org/protocol/muc";
    /// XEP-0045: groups; what moderators and admins do.
    MUC_ADMIN = "http://jabber.org/protocol/muc#admin";
    /// XEP-0045: groups; what owners do.
    MUC_OWNER = "http://jabber.org/protocol/muc#owner";
    /// XEP-0045: groups; asking to be allowed to write.
    MUC_REQUEST = "http://jabber.org/protocol/muc#request";
    /// XEP-0045: groups; the form that sets one up.
    MUC_CONFIG = "http://jabber.org/protocol/muc#roomconfig";
    /// XEP-0048: the list of group chats that the devices of an account share.
    STORAGE_BOOKMARKS = "storage:bookmarks";
    /// XEP-0049: what is kept for an account and nobody else sees.
    PRIVATE = "jabber:iq:private";
    /// XEP-0249: an invitation to a group, by whoever invites.
    CONFERENCE = "jabber:x:conference";
    /// XEP-0317: labels of participants.
    HATS = "urn:xmpp:hats:0";
    /// XEP-0372: what a part of a text refers to.
    REFERENCE = "urn:xmpp:reference:0";
    /// XEP-0054: somebody's card.
    VCARD = "vcard-temp";
    /// XEP-0153: the picture in it is another one.
    VCARD_UPDATE = "vcard-temp:x:update";
    /// XEP-0402: a group chat that the devices of an account share.
    BOOKMARKS = "urn:xmpp:bookmarks:1";
    /// XEP-0402: the wish to be told (XEP-0163 §4.3.3).
    BOOKMARKS_NOTIFY = "urn:xmpp:bookmarks:1+notify";
    /// XEP-0402: the server keeps the older form in step.
    BOOKMARKS_COMPAT = "urn:xmpp:bookmarks:1#compat";
    /// XEP-0421: names that a group gives its participants.
    OCCUPANT_ID = "urn:xmpp:occupant-id:0";
    /// XEP-0422: something added to a message, of which XEP-0425 made use once.
    FASTEN = "urn:xmpp:fasten:0";
    /// XEP-0424: in its form of then.
    RETRACT_OLD = "urn:xmpp:message-retract:0";
    /// XEP-0425: a moderator takes away a message.
    MODERATE = "urn:xmpp:message-moderate:1";
    /// XEP-0425: in its form of then.
    MODERATE_OLD = "urn:xmpp:message-moderate:0";
    /// XEP-0433: looking for groups.
    CHANNEL_SEARCH = "urn:xmpp:channel-search:0:search";
    /// XEP-0433: the form of a search.
    CHANNEL_SEARCH_PARAMETERS = "urn:xmpp:channel-search:0:search-params";
    /// XEP-0492: of what in a conversation one wants to hear.
    NOTIFICATION_SETTINGS = "urn:xmpp:notification-settings:1";
    /// `docs/desk.md`: marks the invitation to a visit at a support desk, and what became of one.
    VISIT = "urn:waxwing:visit:0";
    /// `docs/desk.md`: the node on which the agents of a desk share what became of visits.
    VISITS = "urn:waxwing:visits:0";
    /// `docs/desk.md`: the wish to be told of that (XEP-0163 §4.3.3).
    VISITS_NOTIFY = "urn:waxwing:visits:0+notify";
}

/// XEP-0431: the field of the archive's form that has the words to be found.
pub const FULL_TEXT: &str = "{urn:xmpp:fulltext:0}fulltext";
