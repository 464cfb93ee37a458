// On every page of the signed-in: what waits on this device is shown, and goes up by itself.

import { contents, drop, parcelsOf, sendAll, session, wipe } from "./parcels.js";
import { toast } from "./app.js";

const user = document.body.dataset.user;
// While something waits it is tried soon again, then less and less often.
const SOON = 2000;
const SELDOM = 20000;

function line(className, text) {
  const node = document.createElement(className === "b" ? "b" : "p");
  node.textContent = text;
  return node;
}

async function show() {
  const place = document.getElementById("waiting");
  if (!place) return;
  const rows = await parcelsOf(user);
  place.hidden = !rows.length;
  place.replaceChildren();
  const waiting = rows.filter((row) => row.state === "waiting");
  if (waiting.length) {
    const box = document.createElement("div");
    box.className = "notice notice-warning";
    box.append(line("p", `${waiting.length} 条会议记录存在这部手机上，连上网后自动提交。`));
    place.append(box);
  }
  for (const row of rows.filter((one) => ["refused", "clash"].includes(one.state))) {
    const box = document.createElement("div");
    box.className = "notice notice-danger";
    const why = row.state === "clash" ? "别处改过同一条记录，请核对后再交。" : row.why;
    box.append(line("p", `有一条会议记录没有交上去：${why}`));
    const again = document.createElement("button");
    again.type = "button";
    again.className = "btn btn-sm";
    again.textContent = "打开修改";
    again.addEventListener("click", () => reopen(row));
    const away = document.createElement("button");
    away.type = "button";
    away.className = "btn btn-sm btn-quiet";
    away.textContent = "不要了";
    away.addEventListener("click", async () => {
      if (!window.confirm("确定删掉这部手机上的这份内容？")) return;
      await drop(row.key);
      await show();
    });
    box.append(again, away);
    place.append(box);
  }
}

// The words go back into the form they came from: as its draft, which the page gives back.
async function reopen(row) {
  const who = await session();
  const said = who ? await contents(row, who.vault) : null;
  if (!said) {
    toast("请先连上网络并登录，再打开。", "error");
    return;
  }
  const fields = {};
  for (const [name, value] of said.entries) {
    if (typeof value === "string") (fields[name] ??= []).push(value);
  }
  localStorage.setItem(
    `draft:${row.draft}`,
    JSON.stringify({ at: row.at, sent: false, fields, whole: true }),
  );
  await drop(row.key);
  window.location.assign(row.url);
}

async function deliver() {
  await sendAll();
  await tell();
}

/** What has arrived, sent by this page or from behind: said once, and forgotten. */
async function tell() {
  for (const one of (await parcelsOf(user)).filter((row) => row.state === "done")) {
    await drop(one.key);
    try {
      localStorage.removeItem(`draft:${one.draft}`);
    } catch {
      // private mode
    }
    toast(`已自动提交：${one.title}`, "success");
    document.dispatchEvent(new CustomEvent("desk:delivered", { detail: one }));
  }
  await show();
}

if (user && "indexedDB" in window) {
  let next = 0;
  let pause = SOON;
  const attempt = async () => {
    clearTimeout(next);
    await deliver().catch(() => {});
    const left = await parcelsOf(user).catch(() => []);
    if (!left.some((row) => row.state === "waiting")) return;
    next = setTimeout(attempt, pause);
    pause = Math.min(pause * 2, SELDOM);
  };
  const afresh = () => {
    pause = SOON;
    return attempt();
  };
  document.addEventListener("desk:kept", afresh);
  window.addEventListener("online", afresh);
  document.addEventListener("visibilitychange", () => document.hidden || afresh());
  attempt();
  navigator.serviceWorker?.register("/sw.js", { type: "module" }).catch(() => {});
  navigator.serviceWorker?.addEventListener("message", () => tell().then(show).catch(() => {}));
}

// Signing out takes everything off this device first: it may be a shared one.
const wiped = new WeakSet();
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches?.("form[data-signout]") || wiped.has(form) || !("indexedDB" in window)) return;
  event.preventDefault();
  wiped.add(form);
  wipe().catch(() => {}).finally(() => form.submit());
});
