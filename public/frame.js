// The chat in a frame of its own origin, for pages that may not come near it: what is typed here, a password too, stays
// here. It talks to the page around by messages, and only if that page's origin is in "embed" of config.json; all others
// get no word. What a message must look like is checked on both sides (widget.js has the other one).
import { mountChat } from "./widget.js";

/** What the page around may say about the chat it wants; all of it texts. The service is this copy's own. */
const OPTIONS = ["domain", "peer", "room", "desk", "rooms", "ask", "away", "auth", "nickname", "address", "token", "dir", "lang", "label"];
const COLOURS = ["accent", "on-accent", "background", "text", "own", "header", "header-text"];
const LONGEST = 8192;

const config = fetch(new URL("config.json", import.meta.url), { cache: "no-cache" })
  .then((answer) => answer.json())
  .catch(() => ({}));

const sheet = new CSSStyleSheet();
sheet.replaceSync(`
  html, body { margin: 0; block-size: 100%; overflow: hidden; }
  .waxwing, .stage { block-size: 100%; }
  .stage { container: waxwing / inline-size; }
`);
document.adoptedStyleSheets.push(sheet);

const box = (name) => {
  const made = document.createElement("div");
  made.className = name;
  return made;
};

/** The page around, once it is known to be one that may be talked to. */
let origin;
let wish;
let begun = false;

const tell = (what, detail) => origin && parent.postMessage({ waxwing: 1, what, detail }, origin);

const start = async (given, known) => {
  const options = { framed: true };
  for (const name of OPTIONS) {
    if (typeof given[name] === "string" && given[name].length <= LONGEST) options[name] = given[name];
  }
  const { service, domain } = known;
  if (service) options.service = service;
  if (domain && options.auth === "login") options.domain = domain;
  options.domain ??= domain;
  const [root, stage, place] = ["waxwing", "stage", "place"].map(box);
  root.dataset.theme = given.theme === "dark" ? "dark" : "light";
  root.dataset.mode = given.mode === "launcher" ? "launcher" : "inline";
  root.dir = options.dir === "rtl" ? "rtl" : "ltr";
  if (options.lang) root.lang = options.lang;
  if (options.label) document.title = options.label;
  for (const name of COLOURS) {
    if (CSS.supports("color", given[name])) root.style.setProperty(`--waxwing-${name}`, given[name]);
  }
  if (typeof given.font === "string" && CSS.supports("font-family", given.font)) {
    root.style.setProperty("--waxwing-font", given.font);
  }
  stage.append(place);
  root.append(stage);
  document.body.replaceChildren(root);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
    if (!root.querySelector("dialog[open], :popover-open")) tell("leave", {});
  });
  const hears = (what, detail) => {
    if (what === "message" && known.embed_text !== true) detail = { direction: detail.direction };
    tell(what, { ...detail });
  };
  try {
    wish = await mountChat(document, place, options, hears);
    tell("here", {});
  } catch (problem) {
    tell("refused", { code: typeof problem === "string" ? problem : "not-loaded" });
    if (typeof problem !== "string") console.error(problem);
  }
  // Whoever signed in here says what is said: a page around does not, in their name.
  return options.auth !== "login";
};

let speaks = Promise.resolve(false);

const act = (name, value) => {
  if (name === "sight") wish?.("sight", value === true);
  else if (name === "focus") wish?.("focus");
  else if (name === "end") wish?.("end");
  else if (name === "send" && typeof value === "string") {
    speaks.then((may) => may && value.length <= LONGEST && wish?.("send", value));
  } else if (name === "token" && typeof value?.address === "string" && typeof value?.token === "string") {
    speaks.then((may) => may && wish?.("token", { address: value.address, token: value.token }));
  }
};

addEventListener("message", async ({ source, origin: from, data }) => {
  if (source !== parent || parent === window || data?.waxwing !== 1 || typeof data.wish !== "string") return;
  const known = await config;
  if (!Array.isArray(known.embed) || !known.embed.includes(from)) return;
  if (origin && origin !== from) return;
  origin = from;
  if (data.wish !== "start") return act(data.wish, data.value);
  if (begun || typeof data.value !== "object" || !data.value) return;
  begun = true;
  speaks = start(data.value, known);
});
