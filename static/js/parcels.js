// What was written without a connection waits on this device and goes up later, once.
// A parcel is a whole form: its words and its photos. It is sealed with a key that the server gives
// to the signed-in person only, so that the next one to hold the phone cannot read it.
// Used by pages and by the service worker: nothing here touches the document.

const NAME = "desk";
const KEEP_DAYS = 14;
const SESSION = "/session/";

function open() {
  return new Promise((resolve, reject) => {
    const ask = indexedDB.open(NAME, 1);
    ask.onupgradeneeded = () => {
      ask.result.createObjectStore("parcels", { keyPath: "key" });
      ask.result.createObjectStore("photos", { keyPath: "key" });
    };
    ask.onsuccess = () => resolve(ask.result);
    ask.onerror = () => reject(ask.error);
  });
}

async function work(store, mode, action) {
  const box = await open();
  try {
    return await new Promise((resolve, reject) => {
      const move = box.transaction(store, mode);
      const ask = action(move.objectStore(store));
      move.oncomplete = () => resolve(ask?.result);
      move.onerror = () => reject(move.error);
      move.onabort = () => reject(move.error);
    });
  } finally {
    box.close();
  }
}

// --- Sealing -------------------------------------------------------------------------------------

async function cipher(vault) {
  // No seal where the page is not served over HTTPS: browsers offer none there.
  if (!vault || !globalThis.crypto?.subtle) return null;
  const raw = new Uint8Array(vault.match(/../g).map((two) => parseInt(two, 16)));
  return crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
}

async function seal(value, vault) {
  const bytes = new TextEncoder().encode(JSON.stringify(value, binary));
  const key = await cipher(vault);
  if (!key) return { plain: bytes };
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, sealed: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, bytes) };
}

async function unseal(box, vault) {
  let bytes = box.plain;
  if (!bytes) {
    const key = await cipher(vault);
    if (!key) return null;
    try {
      bytes = await crypto.subtle.decrypt({ name: "AES-GCM", iv: box.iv }, key, box.sealed);
    } catch {
      return null; // another person's
    }
  }
  return JSON.parse(new TextDecoder().decode(bytes));
}

function binary(_name, value) {
  if (!(value instanceof Uint8Array)) return value;
  let text = "";
  for (let at = 0; at < value.length; at += 32768) {
    text += String.fromCharCode(...value.subarray(at, at + 32768));
  }
  return { base64: btoa(text) };
}

function bytes({ base64 }) {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

// --- Keeping -------------------------------------------------------------------------------------

/** Entries of a form as plain data: [name, text] or [name, {name, type, data}] for a file. */
export async function entriesOf(form, submitter) {
  const entries = [];
  for (const [name, value] of new FormData(form)) {
    if (name === "csrfmiddlewaretoken") continue;
    if (typeof value === "string") entries.push([name, value]);
    else if (value.size) entries.push([name, await fileEntry(value)]);
  }
  if (submitter?.name) entries.push([submitter.name, submitter.value]);
  return entries;
}

async function fileEntry(file) {
  return { name: file.name, type: file.type, data: new Uint8Array(await file.arrayBuffer()) };
}

/** Keep a parcel: {key, user, url, draft, title, entries}. The same key again replaces it. */
export async function keep(parcel, vault) {
  const { entries, title, ...outside } = parcel;
  const box = await seal({ entries, title }, vault);
  await work("parcels", "readwrite", (rows) =>
    rows.put({ state: "waiting", why: "", ...outside, at: Date.now(), box }),
  );
}

/** The parcels of one person, the oldest first, without their contents. */
export async function parcelsOf(user) {
  const rows = (await work("parcels", "readonly", (store) => store.getAll())) ?? [];
  const old = Date.now() - KEEP_DAYS * 86400000;
  for (const row of rows) if (row.at < old) await drop(row.key);
  // A page that died while it was sending left its parcel: it waits like the others.
  const dead = Date.now() - 60000;
  return rows
    .filter((row) => row.at >= old && (!user || row.user === user))
    .filter((row) => row.state !== "sending" || row.at < dead)
    .map((row) => (row.state === "sending" ? { ...row, state: "waiting" } : row))
    .sort((one, other) => one.at - other.at);
}

export const drop = (key) => work("parcels", "readwrite", (rows) => rows.delete(key));

async function mark(row, state, why) {
  await work("parcels", "readwrite", (rows) => rows.put({ ...row, state, why }));
}

/** What a parcel says; null for a parcel sealed for somebody else. */
export const contents = (row, vault) => unseal(row.box, vault);

export async function keepPhotos(key, user, files, vault) {
  if (!files.length) return dropPhotos(key);
  const list = await Promise.all([...files].map(fileEntry));
  const box = await seal(list, vault);
  return work("photos", "readwrite", (rows) => rows.put({ key, user, at: Date.now(), box }));
}

export async function photosOf(key, vault) {
  const row = await work("photos", "readonly", (rows) => rows.get(key));
  const list = row ? await unseal(row.box, vault) : null;
  return (list ?? []).map((one) => new File([bytes(one.data)], one.name, { type: one.type }));
}

export const dropPhotos = (key) => work("photos", "readwrite", (rows) => rows.delete(key));

/** Signing out: nothing of anybody stays on this device. */
export async function wipe() {
  await work("parcels", "readwrite", (rows) => rows.clear());
  await work("photos", "readwrite", (rows) => rows.clear());
}

// --- Sending -------------------------------------------------------------------------------------

/** Who is signed in, with the token and the key: {user, token, vault}; null for nobody. */
export async function session() {
  try {
    const answer = await fetch(SESSION, { credentials: "same-origin", redirect: "manual" });
    return answer.ok ? await answer.json() : null;
  } catch {
    return undefined; // no connection: not the same as signed out
  }
}

/** Put a form before the server. What became of it: done, refused, clash, out, later, offline. */
export async function post(url, entries, token) {
  const body = new FormData();
  for (const [name, value] of entries) {
    if (typeof value === "string") body.append(name, value);
    else {
      const data = value.data.base64 ? bytes(value.data) : value.data;
      body.append(name, new File([data], value.name, { type: value.type }));
    }
  }
  let answer;
  try {
    answer = await fetch(url, {
      method: "POST",
      body,
      credentials: "same-origin",
      redirect: "manual",
      headers: { "X-CSRFToken": token, "X-Desk-Parcel": "1" },
    });
  } catch {
    return { kind: "offline" };
  }
  if (answer.type === "opaqueredirect") return { kind: "out" };
  if (answer.ok) {
    try {
      return { kind: "done", ...(await answer.json()) };
    } catch {
      return { kind: "later", why: "" };
    }
  }
  const why = decodeURIComponent(answer.headers.get("X-Desk-Why") ?? "");
  if (answer.status === 422) {
    const kind = answer.headers.get("X-Desk-Clash") ? "clash" : "refused";
    return { kind, why, html: await answer.text() };
  }
  if (answer.status === 404) return { kind: "refused", why: "这个党组织或这条记录已不在您的范围。" };
  if (answer.status === 413) return { kind: "refused", why: "照片太大，请少选几张。" };
  return { kind: answer.status === 403 ? "stale" : "later", why };
}

/**
 * Send everything that waits for whoever is signed in. What arrived is left as "done", without its
 * contents, for the next page to tell; the number of those.
 */
export async function sendAll() {
  const run = async () => {
    if (!(await parcelsOf()).some((row) => row.state === "waiting")) return 0;
    const who = await session();
    if (!who) return 0;
    let done = 0;
    for (const row of await parcelsOf(who.user)) {
      if (row.state !== "waiting") continue;
      const said = await contents(row, who.vault);
      if (!said) continue;
      const outcome = await post(row.url, said.entries, who.token);
      if (outcome.kind === "done") {
        const told = { ...row, state: "done", box: null, title: said.title, to: outcome.url };
        await work("parcels", "readwrite", (rows) => rows.put(told));
        if (row.draft) await dropPhotos(row.draft);
        done += 1;
      } else if (outcome.kind === "refused" || outcome.kind === "clash") {
        await mark(row, outcome.kind, outcome.why);
      } else {
        break; // no connection after all, or the server is busy: the rest waits too
      }
    }
    return done;
  };
  // One sender at a time on this device; the server knows a form that comes twice anyway.
  const locks = globalThis.navigator?.locks;
  if (!locks) return run();
  return locks.request("desk-parcels", { ifAvailable: true }, (lock) => (lock ? run() : 0));
}
