// The page without a network. It keeps the files that this page is made of, and nothing that anybody said: what is
// not one of them, from elsewhere, or not a GET goes its way as if this were not here.
//
// VERSION and FILES come from the build (scripts/finish-page): a number for the content of all files, and their names.
// Each build is kept whole in a cache of its own and nothing is added to it later, save what the operator of a copy
// may change at any time, so that what is shown without a network are files that belong together.
//
// A name with a hash never changes its content, so what is kept of it is as good as what the server has. All others are
// asked for first, since a visit with a network must get the newest page; one that does not come for two seconds is
// taken from here, and so are the files that go with that page.
const PREFIX = `waxwing ${registration.scope} `;
const NAME = PREFIX + VERSION;
const CONFIG = "config.json";
const PATIENCE = 2000;
const hashed = (name) => /[-_.][0-9a-f]{12,}[-_.]/.test(name);
const ours = async () => (await caches.keys()).filter((name) => name.startsWith(PREFIX));

const install = async () => {
  const cache = await caches.open(NAME);
  await cache.addAll(FILES.map((name) => new Request(name, { cache: hashed(name) ? "default" : "no-cache" })));
  // A copy may do without it.
  await cache.add(new Request(CONFIG, { cache: "no-cache" })).catch(() => {});
  // While a new build is put on the server, the page may already be of that one.
  const page = await (await cache.match("./")).text();
  if (!FILES.every((name) => !name.endsWith(".wasm") || page.includes(name))) {
    await caches.delete(NAME);
    throw new Error("the page and its files are of different builds");
  }
  await skipWaiting();
};

// The build before stays: an open tab may yet need a file of it. The names come in the order in which they were made.
const clean = async () => {
  const names = await ours();
  const older = names.slice(0, Math.max(0, names.indexOf(NAME) - 1));
  await Promise.all(older.map((name) => caches.delete(name)));
};

const keptFirst = async (request) => {
  for (const name of (await ours()).reverse()) {
    const kept = await (await caches.open(name)).match(request);
    if (kept) return kept;
  }
  return fetch(request);
};

let slowUntil = 0;

const newestFirst = async (request, name) => {
  const cache = await caches.open(NAME);
  const kept = await cache.match(name);
  if (!kept) return fetch(request);
  if (Date.now() < slowUntil && request.mode !== "navigate") return kept;
  let timer;
  const late = new Promise((give) => {
    timer = setTimeout(() => {
      slowUntil = Date.now() + 10 * PATIENCE;
      give(kept);
    }, PATIENCE);
  });
  const asked = fetch(request).then(async (answer) => {
    if (name === CONFIG && answer.ok) await cache.put(name, answer.clone());
    return answer.status < 500 ? answer : kept;
  });
  const first = await Promise.race([asked.catch(() => kept), late]);
  clearTimeout(timer);
  // What is kept can be given once only.
  return first === kept ? kept.clone() : first;
};

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(clean()));
addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  const place = url.origin + url.pathname;
  if (request.method !== "GET" || !place.startsWith(registration.scope)) return;
  const name = place.slice(registration.scope.length).replace(/^(index\.html)?$/, "./");
  if (hashed(name)) event.respondWith(keptFirst(request));
  else if (name === CONFIG || FILES.includes(name)) event.respondWith(newestFirst(request, name));
});
