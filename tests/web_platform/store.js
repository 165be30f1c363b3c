// What the tests of the store do to its databases, and to the browser under it.

const answer = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/// The names of the databases of accounts.
export async function names() {
  const all = await indexedDB.databases();
  return all.map(({ name }) => name).filter((name) => name.startsWith("waxwing-"));
}

/// The name that the database of an account must have.
export async function nameOf(account) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(account)));
  return "waxwing-" + [...hash.slice(0, 16)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export async function deleteAll() {
  for (const name of await names()) await erase(name);
}

export function erase(name) {
  return answer(indexedDB.deleteDatabase(name));
}

export function makeEmpty(name) {
  return answer(indexedDB.open(name, 1)).then((database) => database.close());
}

async function withTable(name, table, mode, use) {
  if (!(await names()).includes(name)) throw new Error(`there is no ${name}`);
  const database = await answer(indexedDB.open(name));
  try {
    const transaction = database.transaction(table, mode);
    const result = await use(transaction.objectStore(table));
    if (mode === "readwrite") await new Promise((resolve) => (transaction.oncomplete = resolve));
    return result;
  } finally {
    database.close();
  }
}

/// What is stored under a key.
export function raw(name, table, key) {
  return withTable(name, table, "readonly", (store) => answer(store.get(key)));
}

export function putRaw(name, table, key, value) {
  return withTable(name, table, "readwrite", (store) => answer(store.put(value, key)));
}

export function deleteRaw(name, table, key) {
  return withTable(name, table, "readwrite", (store) => answer(store.delete(key)));
}

export function count(name, table) {
  return withTable(name, table, "readonly", (store) => answer(store.count()));
}

/// Everything in a database but what only a CryptoKey holds, as text with one character for each byte.
export async function everything(name) {
  const text = [name];
  const note = (value) => {
    if (value instanceof ArrayBuffer) value = new Uint8Array(value);
    if (value instanceof Uint8Array) text.push(String.fromCharCode(...value));
    else if (value instanceof CryptoKey) text.push(value.extractable ? "EXTRACTABLE" : "");
    else if (value && typeof value === "object") Object.entries(value).forEach((entry) => entry.forEach(note));
    else text.push(String(value));
  };
  const database = await answer(indexedDB.open(name));
  const tables = [...database.objectStoreNames];
  database.close();
  for (const table of tables) {
    note(table);
    note(await withTable(name, table, "readonly", (store) => answer(store.getAllKeys())));
    note(await withTable(name, table, "readonly", (store) => answer(store.getAll())));
  }
  return text.join("\n");
}

/// Whether a key refuses to be taken out.
export function keeps(key) {
  return crypto.subtle.exportKey("raw", key).then(
    () => false,
    () => true,
  );
}

/// Writes down each transaction of the program from now on. Returns what was written and how to end it.
export function watch() {
  const begin = IDBDatabase.prototype.transaction;
  const watched = { begun: [], completed: 0, database: undefined };
  IDBDatabase.prototype.transaction = function (tables, mode, options) {
    const transaction = begin.call(this, tables, mode, options);
    watched.database = this;
    if (mode === "readwrite") {
      watched.begun.push([...transaction.objectStoreNames].join(" ") + " " + transaction.durability);
      transaction.addEventListener("complete", () => (watched.completed += 1));
    }
    return transaction;
  };
  watched.end = () => (IDBDatabase.prototype.transaction = begin);
  return watched;
}

/// From the so many-th one on, nothing can be put: there is no room. Returns how to make room.
export function fill(after) {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...args) {
    after -= 1;
    if (after < 0) throw new DOMException("full", "QuotaExceededError");
    return put.apply(this, args);
  };
  return () => (IDBObjectStore.prototype.put = put);
}

/// Puts another value in the place of a member. Returns how to undo it.
export function replace(object, name, value) {
  const own = Object.getOwnPropertyDescriptor(object, name);
  Object.defineProperty(object, name, { value, configurable: true, writable: true });
  return () => (own ? Object.defineProperty(object, name, own) : delete object[name]);
}

/// Long waiting is over at once.
export function hurry() {
  const wait = window.setTimeout;
  return replace(window, "setTimeout", (run, time, ...args) => wait(run, time >= 5000 ? 0 : time, ...args));
}

/// A browser that never answers when a database is to be opened.
export function silence() {
  return replace(IDBFactory.prototype, "open", () => ({}));
}

/// A page that does not let go of a database when another one wants to delete it.
export async function hold(name) {
  const database = await answer(indexedDB.open(name));
  return {
    rows: (table) => answer(database.transaction(table).objectStore(table).count()),
    release: () => database.close(),
  };
}

/// Asking to persist is counted, and never answered.
export function countPersist() {
  const counted = { times: 0 };
  counted.end = replace(navigator.storage, "persist", () => {
    counted.times += 1;
    return new Promise(() => {});
  });
  return counted;
}
