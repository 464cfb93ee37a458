// <form data-send> goes up by script: when the connection breaks it is kept on this device, words
// and photos, and waiting.js sends it later. Without a script the same form posts itself.

import { drop, entriesOf, keep, post, session } from "./parcels.js";
import { toast } from "./app.js";

const user = document.body.dataset.user;

function token() {
  try {
    return JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"] ?? "";
  } catch {
    return "";
  }
}

function parcelOf(form, entries) {
  const value = (name) => form.elements[name]?.value ?? "";
  const kinds = [...form.querySelectorAll('input[name="kinds"]:checked')]
    .map((box) => box.closest("label")?.textContent.trim() ?? "")
    .join("、");
  return {
    key: `${user}:${value("form_key")}`,
    user,
    url: new URL(form.getAttribute("action") || window.location.href, window.location.href).href,
    draft: `${user}:${form.dataset.draft}`,
    title: `${value("held_on")} ${kinds}`,
    entries,
  };
}

function kept(form, parcel) {
  const panel = document.getElementById("kept");
  document.dispatchEvent(new CustomEvent("desk:kept"));
  if (!panel) return;
  form.hidden = true;
  panel.hidden = false;
  panel.scrollIntoView({ block: "center" });
  panel.querySelector("[data-kept-back]").onclick = async () => {
    await drop(parcel.key);
    panel.hidden = true;
    form.hidden = false;
    document.dispatchEvent(new CustomEvent("desk:kept"));
  };
  // When it has gone up meanwhile, the page moves on as if it had been sent at once.
  document.addEventListener("desk:delivered", (event) => {
    if (event.detail.key === parcel.key && !panel.hidden) arrive(form, event.detail.to);
  });
}

function arrive(form, url) {
  form.dataset.clean = "1";
  try {
    localStorage.removeItem(`draft:${user}:${form.dataset.draft}`);
  } catch {
    // private mode
  }
  form.dispatchEvent(new CustomEvent("desk:arrived"));
  window.location.assign(url);
}

function again(html) {
  window.htmx.swap("#main", html, { swapStyle: "outerHTML" }, { select: "#main" });
  (document.querySelector("[data-focus], .error-summary, .clash") ?? document.body).scrollIntoView();
  document.querySelector("[data-focus]")?.focus();
}

async function send(form, submitter) {
  const buttons = [...form.querySelectorAll("button[type=submit]")];
  buttons.forEach((button) => (button.disabled = true));
  try {
    const entries = await entriesOf(form, submitter);
    const parcel = parcelOf(form, entries);
    const vault = form.dataset.vault ?? "";
    await keep({ ...parcel, state: "sending" }, vault);
    let outcome = await post(parcel.url, entries, token());
    if (outcome.kind === "stale") {
      // The token of this page is old: signed in anew elsewhere, perhaps.
      const who = await session();
      if (who?.user === user) outcome = await post(parcel.url, entries, who.token);
    }
    if (outcome.kind === "done") {
      await drop(parcel.key);
      arrive(form, outcome.url);
    } else if (outcome.html) {
      await drop(parcel.key);
      again(outcome.html);
    } else if (outcome.kind === "refused") {
      await drop(parcel.key);
      toast(outcome.why, "error");
    } else {
      await keep(parcel, vault);
      navigator.serviceWorker?.ready.then((worker) => worker.sync?.register("parcels")).catch(() => {});
      if (outcome.kind === "out") {
        form.dataset.clean = "1";
        window.location.assign(`/accounts/login/?next=${encodeURIComponent(window.location.pathname)}`);
      } else kept(form, parcel);
    }
  } finally {
    buttons.forEach((button) => (button.disabled = false));
    delete form.dataset.sent;
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches?.("form[data-send]") || event.defaultPrevented) return;
  if (!("indexedDB" in window) || !user) return;
  event.preventDefault();
  if (form.dataset.busy) {
    toast("照片还在处理，请稍等一下再提交。");
    delete form.dataset.sent;
    return;
  }
  send(form, event.submitter).catch(() => form.submit());
});

// The quiet autosave says in its own place that there is no connection.
document.addEventListener("htmx:sendError", (event) => {
  const spot = event.detail.elt?.closest?.("[data-draft-state]");
  if (!spot) return;
  event.stopImmediatePropagation();
  spot.textContent = "没有网络，写的内容存在这部手机上";
}, true);

// A line of the comparison taken over into the form.
document.addEventListener("click", (event) => {
  const take = event.target.closest?.("[data-take]");
  if (!take) return;
  const field = document.querySelector(`form[data-send] [name="${CSS.escape(take.dataset.take)}"]`);
  if (!field) return;
  field.value = take.dataset.value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  take.textContent = "已采用";
  take.disabled = true;
});
