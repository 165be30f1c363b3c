// <waxwing-chat>: the element, its launcher and its panel. What is said in it comes from a program that is loaded once
// for a page, when the first element is opened; until then this file is all there is.
//
// Nothing leaves the element: no globals, no styles of the page, no address bar, no title. Everything is made node by
// node, and styles are sheets that scripts make, so the page's policy may forbid inline styles and require Trusted Types.
// docs/widget.md tells attributes, properties, methods, events, parts and slots; npm/index.d.ts gives their types.

// The build puts the names with their hashes here. Each stands as bundlers know it, so that they take the file along.
const glue = () => import("./widget-chat.js");
const WASM = new URL("./widget-chat.wasm", import.meta.url);
const STYLE = new URL("./widget-chat.css", import.meta.url);
const EMOJI = new URL("./emoji.txt", import.meta.url);
// And this one so that they do not: it is a page, and belongs to the copy that this file comes from.
const HERE = import.meta.url;
const FRAME = new URL("frame.html", HERE);

const WORDS = { open: "Open chat", close: "Close chat", chat: "Chat", loading: "Loading the chat…", dismiss: "Dismiss" };
const TROUBLE = {
  stopped: "Something went wrong in this chat, and it stopped. Loading the page again may help.",
  "not-loaded": "The chat could not be loaded.",
  "needs-frame": "Signing in with a password needs isolation=\"frame\": a page of somebody else is no place for one.",
  "no-peer": "This chat has nobody to talk to: the attribute peer, or room, is missing.",
  "bad-peer": "The attribute peer is no address.",
  "bad-room": "The attribute room is no address.",
  "bad-desk": "The attribute desk is no list of addresses.",
  "bad-domain": "The attribute domain names no domain that guests can come in to.",
  "no-randomness": "This browser has no source of randomness, without which nothing here is safe.",
  "not-allowed": "This page may not show the chat.",
};

const sheet = (text) => {
  const made = new CSSStyleSheet();
  made.replaceSync(text);
  return made;
};

/** Who is to know that the program stopped. */
const fallen = new Set();

let loading;
/** Loads the program, once for a page. Gives the function that mounts a chat, and its style. */
const load = () => {
  loading ??= (async () => {
    const program = fetch(WASM);
    program.catch(() => {});
    const style = fetch(STYLE).then(async (answer) => sheet(await answer.text()));
    style.catch(() => {});
    const { default: init, waxwing_mount } = await glue();
    await init({ module_or_path: await program });
    // What the browser stopped answers no more, and cannot say so itself.
    addEventListener("error", ({ error }) => {
      if (!(error instanceof WebAssembly.RuntimeError) || !error.stack?.includes(WASM.href)) return;
      for (const tell of fallen) tell("error", { code: "stopped", message: TROUBLE.stopped });
    });
    return [waxwing_mount, await style];
  })();
  loading.catch(() => (loading = undefined));
  return loading;
};

/**
 * Shows a chat inside an element of `root`, a document or a shadow tree. `hears` is told what happens. Gives the function
 * that takes wishes. For frame.js; pages use the element.
 */
export const mountChat = async (root, place, options, hears) => {
  const [mount, style] = await load();
  if (!root.adoptedStyleSheets.includes(style)) root.adoptedStyleSheets.push(style);
  fallen.add(hears);
  // The program puts the name of a file behind the place. There is one, which may have another name here.
  const wish = mount(place, { ...options, place: `${EMOJI.href}#` }, hears);
  return (name, value) => {
    if (name !== "end") return wish(name, value);
    fallen.delete(hears);
    wish(name);
    place.remove();
  };
};

/** The same in a frame of this file's own origin (frame.js): `wish` and what is heard go as messages. */
const frameChat = (place, options, hears) =>
  new Promise((give, fail) => {
    const frame = make("iframe", { src: FRAME.href, title: options.label, allow: "clipboard-write", part: "frame" });
    const post = (wish, value) => frame.contentWindow?.postMessage({ waxwing: 1, wish, value }, FRAME.origin);
    const patience = setTimeout(() => fail("not-allowed"), 10000);
    const heard = ({ source, origin, data }) => {
      if (source !== frame.contentWindow || origin !== FRAME.origin || data?.waxwing !== 1) return;
      const { what, detail } = data;
      if (typeof what !== "string" || typeof detail !== "object" || !detail) return;
      if (what === "here") clearTimeout(patience), give(wish);
      else if (what === "refused") clearTimeout(patience), fail(String(detail.code));
      else if (HEARD.includes(what)) hears(what, detail);
    };
    const wish = (name, value) => {
      if (name === "focus") frame.focus();
      post(name, value);
      if (name !== "end") return true;
      removeEventListener("message", heard);
      // It has something to say before it goes.
      setTimeout(() => place.remove(), 500);
    };
    addEventListener("message", heard);
    // Again, if somebody moves the frame, which loads it anew.
    frame.addEventListener("load", () => post("start", options));
    place.append(frame);
  });

/** What a chat may tell. */
const HEARD = ["ready", "message", "unread", "error", "connection", "leave"];
/** How the page wants it to look, as far as a frame is told. */
const SHADES = ["accent", "on-accent", "background", "text", "own", "header", "header-text", "font"];

const make = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};

const drawing = (strokes) => {
  const [svg, path] = ["svg", "path"].map((name) => document.createElementNS("http://www.w3.org/2000/svg", name));
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", strokes);
  svg.append(path);
  return svg;
};

const LAUNCHER = sheet(/* css */ `
:host { display: contents !important; }
:host([mode=inline]), :host([mode=fullscreen]) { display: block !important; }
:host([mode=inline]) { block-size: var(--waxwing-height, 512px) !important; }
:host([mode=fullscreen]) { position: fixed !important; inset: 0 !important; z-index: var(--waxwing-z-index, 2147483000) !important; }
:host([hidden]) { display: none !important; }
.waxwing { all: initial; direction: inherit; color-scheme: light dark; font: 15px/1.4 var(--waxwing-font, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif); color: var(--c-ink); -webkit-text-size-adjust: 100%;
  --c-accent: var(--waxwing-accent, #a9342b); --c-on: var(--waxwing-on-accent, #fff); --c-back: var(--waxwing-background, #fdfbf8); --c-ink: var(--waxwing-text, #231c18); --c-line: #e3dad0; --c-r: var(--waxwing-radius, 16px); --c-gap: var(--waxwing-gap, 20px); --c-shadow: 0 2px 6px rgb(40 25 15 / 14%), 0 12px 40px rgb(40 25 15 / 22%); }
.waxwing[data-theme=light] { color-scheme: light; }
.waxwing[data-theme=dark] { color-scheme: dark; }
.waxwing[data-dark] { --c-accent: var(--waxwing-accent, #c8463a); --c-back: var(--waxwing-background, #1b1714); --c-ink: var(--waxwing-text, #f3ece5); --c-line: #352d27; --c-shadow: 0 2px 6px rgb(0 0 0 / 40%), 0 12px 40px rgb(0 0 0 / 55%); }
.waxwing > *, .waxwing .plain { box-sizing: border-box; }
[hidden] { display: none !important; }
.plain { margin: 0; padding: 0; border: 0; font: inherit; color: inherit; background: none; cursor: pointer; -webkit-tap-highlight-color: transparent; touch-action: manipulation; }
.plain:focus-visible { outline: 3px solid var(--c-ink); outline-offset: 3px; }
.plain svg { display: block; inline-size: 28px; block-size: 28px; fill: none; stroke: currentcolor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
.launcher, .greeting, .panel { position: fixed; z-index: var(--waxwing-z-index, 2147483000); inset-inline-end: var(--c-gap); }
.launcher { display: grid; place-items: center; inset-block-end: calc(var(--c-gap) + env(safe-area-inset-bottom)); inline-size: 60px; block-size: 60px; border-radius: 50%; background: var(--c-accent); color: var(--c-on); box-shadow: var(--c-shadow); transition: transform 150ms ease-out, filter 150ms; }
.launcher:hover { transform: scale(1.06); filter: brightness(1.08); }
.launcher:active { transform: scale(.97); }
.unread { position: absolute; inset-block-start: -3px; inset-inline-end: -3px; box-sizing: border-box; min-inline-size: 24px; padding: 0 6px; border: 2px solid var(--c-back); border-radius: 12px; background: var(--waxwing-badge, #231c18); color: #fff; font-size: 12px; font-weight: 700; line-height: 20px; text-align: center; font-variant-numeric: tabular-nums; }
.greeting { display: flex; align-items: flex-start; gap: 4px; inset-block-end: calc(var(--c-gap) + 76px + env(safe-area-inset-bottom)); max-inline-size: min(280px, calc(100vw - 2 * var(--c-gap))); padding: 12px 4px 12px 16px; border: 1px solid var(--c-line); border-radius: var(--c-r) var(--c-r) 4px; background: var(--c-back); color: var(--c-ink); box-shadow: var(--c-shadow); overflow-wrap: anywhere; animation: rise 220ms ease-out; }
.greeting:dir(rtl) { border-radius: var(--c-r) var(--c-r) var(--c-r) 4px; padding: 12px 16px 12px 4px; }
.greeting .say { flex: 1; text-align: start; }
.greeting svg { inline-size: 16px; block-size: 16px; }
.greeting .small { flex: none; padding: 8px; margin: -8px 0; opacity: .7; }
.panel { display: flex; flex-direction: column; inset-block-end: calc(var(--c-gap) + 76px + env(safe-area-inset-bottom)); inline-size: min(var(--waxwing-width, 384px), calc(100vw - 2 * var(--c-gap))); block-size: min(var(--waxwing-height, 640px), calc(100dvh - 96px - 2 * var(--c-gap))); overflow: hidden; overscroll-behavior: contain; border: 1px solid var(--c-line); border-radius: var(--c-r); background: var(--c-back); color: var(--c-ink); box-shadow: var(--c-shadow); animation: rise 180ms ease-out; }
.panel:focus { outline: none; }
.stage { position: relative; flex: 1; min-block-size: 0; container: waxwing / inline-size; }
.wait { position: absolute; inset: 0; z-index: 1; display: grid; place-content: center; justify-items: center; gap: 12px; padding: 24px; background: var(--c-back); text-align: center; overflow-wrap: anywhere; }
.wait[data-trouble] .spin { display: none; }
.spin { inline-size: 28px; block-size: 28px; box-sizing: border-box; border: 3px solid var(--c-line); border-block-start-color: var(--c-accent); border-radius: 50%; animation: turn 900ms linear infinite; }
.close { position: absolute; z-index: 2; inset-block-start: 10px; inset-inline-end: 10px; display: grid; place-items: center; inline-size: 40px; block-size: 40px; border-radius: 10px; }
.close:hover, .small:hover { background: color-mix(in srgb, currentcolor 10%, transparent); }
.close svg { inline-size: 20px; block-size: 20px; }
iframe { position: absolute; inset: 0; inline-size: 100%; block-size: 100%; border: 0; }
.say-to { position: fixed; inset: 0 auto auto 0; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.waxwing:not([data-mode=launcher]) { display: block; block-size: 100%; }
.waxwing:not([data-mode=launcher]) .panel { position: relative; inset: auto; z-index: auto; inline-size: 100%; block-size: 100%; box-shadow: none; animation: none; }
.waxwing[data-mode=fullscreen] .panel { border: 0; border-radius: 0; }
@media (max-width: 480px), (max-height: 420px) {
  .waxwing[data-mode=launcher] .panel { inset: 0; inline-size: 100%; block-size: 100dvh; border: 0; border-radius: 0; }
  .waxwing[data-open] .launcher { display: none; }
  .close { inset-block-start: max(8px, env(safe-area-inset-top)); inline-size: 44px; block-size: 44px; }
}
@keyframes rise { from { opacity: 0; transform: translateY(10px); } }
@keyframes turn { to { transform: rotate(1turn); } }
@media (prefers-reduced-motion: reduce) { .waxwing * { animation: none !important; transition: none !important; } }
`);

const OPEN_SHAPE = "M5 5h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-8l-5 4v-4H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2zM8 9.500h8M8 13h5";
const DOWN_SHAPE = "M6 9l6 6 6-6";
const CLOSE_SHAPE = "M6 6l12 12M18 6L6 18";

/**
 * Whether nobody is at a desk now, by hours such as "Mo-Fr 9:00-17:30, Sa 10:00-12:00" of a time zone such as
 * "Europe/Berlin", or of whoever looks. Without hours somebody always is.
 */
const isAway = (hours, zone) => {
  if (!hours) return false;
  const format = { weekday: "short", hour: "numeric", minute: "numeric", hourCycle: "h23" };
  let clock;
  try {
    clock = new Intl.DateTimeFormat("en", { ...format, timeZone: zone || undefined });
  } catch {
    clock = new Intl.DateTimeFormat("en", format);
  }
  const now = Object.fromEntries(clock.formatToParts().map(({ type, value }) => [type, value]));
  const day = (name) => ["mo", "tu", "we", "th", "fr", "sa", "su"].indexOf(name.slice(0, 2).toLowerCase());
  const [today, minute] = [day(now.weekday), now.hour * 60 + +now.minute];
  return !hours.split(/[,;]/).some((part) => {
    const [, first, last, ...times] = /^\s*(\w+)(?:-(\w+))?\s+(\d+):(\d+)-(\d+):(\d+)\s*$/.exec(part) ?? [];
    if (!first) return false;
    const [from, to] = [day(first), day(last ?? first)];
    const isDay = from <= to ? today >= from && today <= to : today >= from || today <= to;
    return isDay && minute >= times[0] * 60 + +times[1] && minute < times[2] * 60 + +times[3];
  });
};

/** Attributes whose change makes another chat of it. */
const IDENTITY = ["service", "domain", "peer", "room", "desk", "rooms", "ask", "auth", "nickname", "isolation"];
const LOOKS = ["mode", "theme", "lang", "load", "label", "hours", "zone"];

export class WaxwingChat extends HTMLElement {
  static observedAttributes = [...IDENTITY, ...LOOKS];

  #parts = {};
  #open = false;
  #token;
  #wish;
  #starting;
  #run = 0;
  #unread = 0;
  #seen = true;
  #wantsFocus = false;
  #undo = [];

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [LAUNCHER];
  }

  // What a page calls.

  get isOpen() {
    return this.#open;
  }

  get unread() {
    return this.#unread;
  }

  open() {
    if (!this.isConnected || this.#open) return;
    this.#open = true;
    this.#wantsFocus = true;
    this.#show();
    this.#start();
    this.#focus();
  }

  close() {
    if (!this.#open || this.#mode !== "launcher") return;
    const had = this.shadowRoot.activeElement;
    this.#open = false;
    this.#wantsFocus = false;
    this.#show();
    if (had) this.#parts.launcher.focus();
  }

  /** Puts the cursor where one writes, and opens the chat for it. */
  focus() {
    this.#wantsFocus = true;
    this.open();
    this.#focus();
  }

  /** Says something; opens nothing. What is said before anybody is there goes out when somebody is. */
  send(text) {
    this.#start();
    this.#starting?.then((wish) => wish?.("send", String(text)));
  }

  /** Signs in to an account by a token. It is kept in memory only, and never becomes an attribute. */
  setToken(address, token) {
    this.#token = { address: String(address), token: String(token) };
    this.#wish?.("token", this.#token);
  }

  /** Ends the conversation: leaves, and forgets who one was. Opening it again begins anew. */
  end() {
    this.#end();
    if (this.#mode === "launcher") this.close();
    else if (this.isConnected) this.#start();
  }

  // What the browser calls.

  connectedCallback() {
    if (this.#parts.root) return;
    // What a script set before it knew the element.
    for (const name of [...IDENTITY, ...LOOKS]) {
      if (!Object.hasOwn(this, name)) continue;
      const value = this[name];
      delete this[name];
      this[name] = value;
    }
    this.#build();
    if (this.#mode !== "launcher") {
      this.#open = true;
      this.#show();
      this.#start();
    } else if (this.getAttribute("load") === "idle") {
      (globalThis.requestIdleCallback ?? setTimeout)(() => this.isConnected && load().catch(() => {}));
    }
  }

  // Whoever moves an element takes it out and puts it back at once: that is not the end of a conversation.
  disconnectedCallback() {
    setTimeout(() => {
      if (this.isConnected || !this.#parts.root) return;
      this.#end();
      this.#open = false;
      this.#undo.splice(0).forEach((undo) => undo());
      this.shadowRoot.replaceChildren();
      this.#parts = {};
    });
  }

  connectedMoveCallback() {}

  attributeChangedCallback(name, before, after) {
    if (before === after || !this.#parts.root) return;
    if (IDENTITY.includes(name)) {
      const went = this.#starting;
      this.#end();
      // Several often change together.
      if (went) queueMicrotask(() => this.isConnected && this.#open && this.#start());
    }
    this.#show();
  }

  // How it looks.

  get #mode() {
    const mode = this.getAttribute("mode");
    return mode === "inline" || mode === "fullscreen" ? mode : "launcher";
  }

  get #label() {
    return this.getAttribute("label") || WORDS.chat;
  }

  #build() {
    const button = (part, shape, click) => {
      const made = make("button", { class: `plain ${part}`, part, type: "button" }, drawing(shape));
      made.addEventListener("click", click);
      return made;
    };
    const badge = make("span", { class: "unread", part: "badge", hidden: "" });
    const launcher = button("launcher", OPEN_SHAPE, () => (this.#open ? this.close() : this.open()));
    launcher.append(badge);
    const greet = make("button", { class: "plain say", type: "button" }, make("slot", { name: "greeting" }));
    greet.addEventListener("click", () => this.open());
    const dismiss = button("small", CLOSE_SHAPE, () => (this.#parts.greeting.hidden = this.#seen = true));
    dismiss.setAttribute("aria-label", WORDS.dismiss);
    const greeting = make("div", { class: "greeting", part: "greeting", hidden: "" }, greet, dismiss);
    const text = make("p", { role: "status", class: "plain" });
    const wait = make("div", { class: "wait", part: "wait" }, make("div", { class: "spin" }), text, make("slot", { name: "offline", hidden: "" }));
    const stage = make("div", { class: "stage" });
    const close = button("close", CLOSE_SHAPE, () => this.close());
    close.setAttribute("aria-label", WORDS.close);
    const panel = make("section", { class: "panel", part: "panel", tabindex: "-1", id: "panel" }, stage, wait, close);
    panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
      if (panel.querySelector("dialog[open], :popover-open")) return;
      event.stopPropagation();
      this.close();
    });
    const live = make("div", { class: "say-to", role: "status" });
    const root = make("div", { class: "waxwing" }, greeting, launcher, panel, live);
    this.#parts = { root, launcher, badge, greeting, panel, stage, wait, text, close, live };
    this.#seen = false;
    greet.firstChild.addEventListener("slotchange", () => this.#show());
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const shade = () => this.#show();
    dark.addEventListener("change", shade);
    this.#undo.push(() => dark.removeEventListener("change", shade));
    this.#parts.dark = dark;
    this.shadowRoot.append(root);
    this.#show();
  }

  #show() {
    const { root, launcher, badge, greeting, panel, close, dark } = this.#parts;
    if (!root) return;
    const [mode, theme] = [this.#mode, this.getAttribute("theme")];
    const isLauncher = mode === "launcher";
    root.dataset.mode = mode;
    root.toggleAttribute("data-open", this.#open);
    root.dataset.theme = theme === "light" || theme === "dark" ? theme : dark.matches ? "dark" : "light";
    root.toggleAttribute("data-dark", root.dataset.theme === "dark");
    if (this.hasAttribute("lang")) root.lang = this.getAttribute("lang");
    launcher.hidden = !isLauncher;
    launcher.setAttribute("aria-expanded", this.#open);
    launcher.setAttribute("aria-controls", "panel");
    const count = this.#unread > 99 ? "99+" : String(this.#unread);
    badge.hidden = !this.#unread || this.#open;
    badge.textContent = count;
    const name = this.#open ? WORDS.close : WORDS.open;
    launcher.setAttribute("aria-label", badge.hidden ? `${name}: ${this.#label}` : `${name}: ${this.#label}, ${count} unread`);
    launcher.querySelector("path").setAttribute("d", this.#open ? DOWN_SHAPE : OPEN_SHAPE);
    const greets = greeting.querySelector("slot").assignedNodes().length > 0;
    if (this.#open) this.#seen = true;
    greeting.hidden = !isLauncher || this.#seen || !greets;
    panel.hidden = !this.#open;
    panel.setAttribute("role", isLauncher ? "dialog" : "region");
    panel.setAttribute("aria-label", this.#label);
    close.hidden = !isLauncher;
    this.#wish?.("sight", this.#open);
  }

  #focus() {
    const { panel } = this.#parts;
    // A keyboard that comes up by itself would cover what one wants to read.
    if (matchMedia("(pointer: coarse)").matches) panel.focus();
    else if (this.#wish?.("focus")) this.#wantsFocus = false;
    else panel.focus();
  }

  // What is said.

  #emit(what, detail) {
    this.dispatchEvent(new CustomEvent(`waxwing-${what}`, { detail, bubbles: true, composed: true }));
  }

  #fail(code, message = TROUBLE[code] ?? code) {
    const { wait, text } = this.#parts;
    wait.hidden = false;
    wait.dataset.trouble = "";
    text.textContent = message;
    wait.querySelector("slot").hidden = false;
    this.#emit("error", { code, message });
  }

  #hears(what, detail) {
    const { wait, live } = this.#parts;
    if (!wait) return;
    if (what === "leave") return this.close();
    if (detail.code === "stopped") return this.#fail("stopped");
    if (what === "unread") {
      if (this.#unread === detail.count) return;
      this.#unread = detail.count;
      this.#show();
    }
    if (what === "ready" && this.#wantsFocus && this.#open) {
      // The field is there with the next picture.
      requestAnimationFrame(() => requestAnimationFrame(() => this.#open && this.#focus()));
    }
    // Who has the conversation before them hears it from there.
    if (what === "message" && detail.direction === "in" && !this.#open) {
      live.textContent = `${this.#label}: ${detail.text ?? ""}`;
    }
    this.#emit(what, detail);
  }

  #start() {
    if (this.#starting || !this.#parts.root) return;
    const run = ++this.#run;
    const { stage, wait, text } = this.#parts;
    wait.hidden = false;
    delete wait.dataset.trouble;
    wait.querySelector("slot").hidden = true;
    text.textContent = WORDS.loading;
    const current = () => run === this.#run;
    const options = { ...this.#token, label: this.#label };
    if (isAway(this.getAttribute("hours"), this.getAttribute("zone"))) options.away = "1";
    for (const name of IDENTITY) {
      if (this.hasAttribute(name)) options[name] = this.getAttribute(name);
    }
    // Not from within the program, which a listener of the page may want to end.
    const hears = (what, detail) => queueMicrotask(() => current() && this.#hears(what, detail));
    const place = make("div", { class: "place" });
    this.#starting = (async () => {
      try {
        const framed = options.isolation === "frame";
        if (options.auth === "login" && !framed) throw "needs-frame";
        if (!framed) await load();
        if (!current()) return;
        stage.append(place);
        const wish = framed
          ? await frameChat(place, { ...options, ...this.#looks() }, hears)
          : await mountChat(this.shadowRoot, place, options, hears);
        if (!current()) return void wish("end");
        this.#wish = wish;
        wait.hidden = true;
        this.#show();
        return wish;
      } catch (problem) {
        place.remove();
        if (current()) this.#fail(typeof problem === "string" ? problem : "not-loaded");
        if (typeof problem !== "string") console.error(problem);
      }
    })();
  }

  /** What a frame must be told, because styles do not reach into it. */
  #looks() {
    const style = getComputedStyle(this);
    const shades = SHADES.map((name) => [name, style.getPropertyValue(`--waxwing-${name}`).trim()]);
    return {
      ...Object.fromEntries(shades.filter(([, value]) => value)),
      label: this.#label,
      mode: this.#mode,
      dir: style.direction,
      theme: this.#parts.root.dataset.theme,
      lang: this.lang,
    };
  }

  #end() {
    this.#run++;
    const went = this.#wish;
    this.#wish = this.#starting = undefined;
    this.#unread = 0;
    went?.("end");
    this.#show();
  }
}

for (const name of [...IDENTITY, ...LOOKS]) {
  if (name in HTMLElement.prototype) continue;
  Object.defineProperty(WaxwingChat.prototype, name, {
    get() {
      return this.getAttribute(name) ?? "";
    },
    set(value) {
      if (value == null) this.removeAttribute(name);
      else this.setAttribute(name, value);
    },
    configurable: true,
    enumerable: true,
  });
}

if (!customElements.get("waxwing-chat")) customElements.define("waxwing-chat", WaxwingChat);
