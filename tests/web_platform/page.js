// What the tests do to the page that no Rust binding does.

/// Replaces WebSocket by one that the test plays. Returns what was opened since.
export function playSockets() {
  const opened = [];
  globalThis.WebSocket = class extends EventTarget {
    constructor(url, protocol) {
      super();
      if (new URL(url).protocol !== "ws:") throw new SyntaxError("no");
      Object.assign(this, { url, protocol, readyState: 0, sent: [], closed: 0 });
      opened.push(this);
    }
    send(text) {
      this.sent.push(text);
    }
    close() {
      this.closed += 1;
      this.readyState = 2;
    }
  };
  return opened;
}

export function happen(socket, event, data) {
  if (event === "open") socket.readyState = 1;
  if (event === "close") socket.readyState = 3;
  socket.dispatchEvent(event === "message" ? new MessageEvent(event, { data }) : new Event(event));
}

export function setVisibility(state) {
  Object.defineProperty(document, "visibilityState", { get: () => state, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}

const answer = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

async function withVault(mode, use) {
  const opening = indexedDB.open("waxwing", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("vault");
  const database = await answer(opening);
  try {
    return await answer(use(database.transaction("vault", mode).objectStore("vault")));
  } finally {
    database.close();
  }
}

/// The record as it is stored, or undefined.
export function rawRecord() {
  return withVault("readonly", (store) => store.get("sign-in"));
}

export function putRaw(record) {
  return withVault("readwrite", (store) => store.put(record, "sign-in"));
}

/// As on a page that came over an insecure connection.
export function hideCryptography(hidden) {
  if (hidden) Object.defineProperty(crypto, "subtle", { value: undefined, configurable: true });
  else delete crypto.subtle;
}

/// Asks `passes` before each message to other pages is sent: a header of 32 bytes, then the kind.
export function tapChannels(passes) {
  const channel = BroadcastChannel.prototype;
  channel.untapped ??= channel.postMessage;
  channel.postMessage = function (bytes) {
    if (passes(this.name, bytes[32])) this.untapped(bytes);
  };
}

/// Takes a lock, by force or when it is free. Calling what comes of it gives it back.
export function takeLock(name, steal) {
  return new Promise((taken) => {
    navigator.locks.request(name, { steal }, () => new Promise((release) => taken(release))).catch(() => {});
  });
}

/// As when the browser brings a page back that it had put aside.
export function comeBack() {
  dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
}

/// Holds back all frames; calling what it returns lets those come that are still wanted.
export function holdFrames() {
  const [ask, cancel] = [window.requestAnimationFrame, window.cancelAnimationFrame];
  const held = new Map();
  let last = 0;
  window.requestAnimationFrame = (callback) => {
    held.set(++last, callback);
    return last;
  };
  window.cancelAnimationFrame = (id) => held.delete(id);
  return () => {
    window.requestAnimationFrame = ask;
    window.cancelAnimationFrame = cancel;
    for (const callback of held.values()) callback(0);
  };
}
