/** How the element is shown: a button that opens a panel, a part of the page, or all of the window. */
export type WaxwingMode = "launcher" | "inline" | "fullscreen";

/** Who one is: a guest, somebody with a token of the page, or somebody who signs in (in a frame only). */
export type WaxwingAuth = "anonymous" | "token" | "login";

/** Where the chat runs: in the page, or in a frame of its own origin. */
export type WaxwingIsolation = "page" | "frame";

/** How far the connection is. */
export type WaxwingState = "offline" | "connecting" | "authenticating" | "online" | "reconnecting" | "failed";

/** The chat is connected. */
export type WaxwingReadyEvent = CustomEvent<Record<string, never>>;

/** Something was said. From a frame comes only in which direction, unless the frame's own host allows more. */
export type WaxwingMessageEvent = CustomEvent<{
  direction: "in" | "out";
  /** In a group chat, the name of whoever said it. */
  nickname?: string | null;
  text?: string | null;
}>;

/** Another number of messages is unread. */
export type WaxwingUnreadEvent = CustomEvent<{ count: number }>;

/** The connection is in another state. */
export type WaxwingConnectionEvent = CustomEvent<{ state: WaxwingState }>;

/** Something does not work. `code` is stable, `message` is for people. */
export type WaxwingErrorEvent = CustomEvent<{ code: string; message: string }>;

/** What an element tells, beside what every element does. */
export interface WaxwingChatEventMap {
  "waxwing-ready": WaxwingReadyEvent;
  "waxwing-message": WaxwingMessageEvent;
  "waxwing-unread": WaxwingUnreadEvent;
  "waxwing-connection": WaxwingConnectionEvent;
  "waxwing-error": WaxwingErrorEvent;
}

/** A chat on a page. Every attribute is a property of the same name, too; none is `""`. */
export class WaxwingChat extends HTMLElement {
  static readonly observedAttributes: string[];

  /** The WebSocket address of the server, `wss://…`; without it the domain is asked. */
  service: string;
  /** The domain that guests come in to. */
  domain: string;
  /** The address of the person to talk to. */
  peer: string;
  /** The address of the group chat, instead of a person. */
  room: string;
  /** The address of a support desk, instead of a person; several, with spaces between them. */
  desk: string;
  /** The service for the group chats of its visits; without it the first one that the guests' server names. */
  rooms: string;
  /** What a visitor is asked first: `name`, `email`, `topic`, each with a `*` behind it if it must be answered. */
  ask: string;
  /** When somebody is at the desk: `"Mo-Fr 9:00-17:30, Sa 10:00-12:00"`. */
  hours: string;
  /** In which time zone: `"Europe/Berlin"`; that of the visitor, if nothing is said. */
  zone: string;
  /** Who one is; `"anonymous"` if nothing is said. */
  auth: WaxwingAuth | "";
  /** The name that others see. */
  nickname: string;
  /** Where it runs; `"page"` if nothing is said. */
  isolation: WaxwingIsolation | "";
  /** How it is shown; `"launcher"` if nothing is said. */
  mode: WaxwingMode | "";
  /** The colours; those of the system if nothing is said. */
  theme: "auto" | "light" | "dark" | "";
  lang: string;
  /** `"idle"` loads the chat when the browser has nothing else to do; otherwise it is loaded when it is opened. */
  load: "open" | "idle" | "";
  /** What the chat is called, for people who hear the page. */
  label: string;

  /** Whether the chat is open. */
  readonly isOpen: boolean;
  /** How many messages were not seen. */
  readonly unread: number;

  /** Opens the chat. */
  open(): void;
  /** Closes it, if it has a launcher. The conversation goes on. */
  close(): void;
  /** Opens it and puts the cursor where one writes. */
  focus(): void;
  /** Says something. What is said before there is a connection goes out when there is one. */
  send(text: string): void;
  /** Signs in to an account by a token. It is kept in memory only. */
  setToken(address: string, token: string): void;
  /** Ends the conversation, and forgets who one was. */
  end(): void;

  addEventListener<K extends keyof WaxwingChatEventMap>(
    type: K,
    listener: (this: WaxwingChat, event: WaxwingChatEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener<K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (this: WaxwingChat, event: HTMLElementEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
  removeEventListener<K extends keyof WaxwingChatEventMap>(
    type: K,
    listener: (this: WaxwingChat, event: WaxwingChatEventMap[K]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener<K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (this: WaxwingChat, event: HTMLElementEventMap[K]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | EventListenerOptions): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "waxwing-chat": WaxwingChat;
  }
  // The events bubble, so that any element around may listen.
  interface HTMLElementEventMap extends WaxwingChatEventMap {}
}
