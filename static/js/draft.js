// Long forms survive a lost connection: <form data-draft="meeting-new"> keeps what is typed on this
// device, per user and key, and gives it back with a notice. Files and passwords are never kept.

const user = document.body.dataset.user;
const PREFIX = "draft:";
const KEEP_DAYS = 14;
const SKIP = new Set(["csrfmiddlewaretoken"]);

// Which record and which version a form was opened for: kept with the words where a form names them.
const plain = (form, node) => !SKIP.has(node.name) && !(
  ["file", "password", "submit", "button"].includes(node.type) ||
  (node.type === "hidden" && !(form.dataset.draftHidden ?? "").split(" ").includes(node.name))
);

const slot = (form) => `${PREFIX}${user}:${form.dataset.draft}`;

function store(action) {
  try {
    return action(window.localStorage);
  } catch {
    return null; // private mode or full: the form works on without drafts
  }
}

function read(form) {
  const fields = {};
  for (const node of form.elements) {
    if (!node.name || !plain(form, node)) continue;
    fields[node.name] ??= [];
    if (node.type === "checkbox" || node.type === "radio") {
      if (node.checked) fields[node.name].push(node.value);
    } else if (node.multiple) {
      fields[node.name].push(...[...node.selectedOptions].map((one) => one.value));
    } else {
      fields[node.name].push(node.value);
    }
  }
  return fields;
}

function write(form, fields) {
  const seen = {};
  // Whoever adds rows to this form adds those that the draft had.
  form.dispatchEvent(new CustomEvent("draft:give", { detail: fields }));
  for (const node of form.elements) {
    const kept = fields[node.name];
    if (!kept || !plain(form, node)) continue;
    if (node.type === "checkbox" || node.type === "radio") {
      node.checked = kept.includes(node.value);
    } else if (node.multiple) {
      for (const one of node.options) one.selected = kept.includes(one.value);
    } else {
      const at = seen[node.name] ?? 0;
      if (kept[at] !== undefined) node.value = kept[at];
      seen[node.name] = at + 1;
    }
    node.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function save(form, sent = false) {
  const ok = store((box) => {
    box.setItem(slot(form), JSON.stringify({ at: Date.now(), sent, fields: read(form) }));
    return true;
  });
  const spot = form.querySelector("[data-draft-state]");
  if (spot && ok) {
    const time = new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
    spot.textContent = `${time} 已在本机暂存`;
  }
}

function offer(form, kept) {
  const when = new Date(kept.at).toLocaleString("zh-CN", {
    month: "long", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false,
  });
  const line = document.createElement("div");
  line.className = "notice notice-info";
  line.setAttribute("role", "status");
  const text = document.createElement("p");
  text.textContent = `已恢复您 ${when} 没有交上去的内容。`;
  const drop = document.createElement("button");
  drop.type = "button";
  drop.className = "btn btn-sm";
  drop.textContent = "不要了，重新填";
  drop.addEventListener("click", () => {
    store((box) => box.removeItem(slot(form)));
    form.dataset.clean = "1";
    window.location.reload();
  });
  line.append(text, drop);
  form.prepend(line);
}

function wire(form) {
  if (form.dataset.draftWired || !user) return;
  form.dataset.draftWired = "1";
  const kept = store((box) => JSON.parse(box.getItem(slot(form)) ?? "null"));
  // A form that came back with errors already holds the newest input: the server's word wins.
  const answered = form.querySelector(".has-error, .error-summary");
  if (kept && !answered && JSON.stringify(kept.fields) !== JSON.stringify(read(form))) {
    write(form, kept.fields);
    offer(form, kept);
  }
  let timer = 0;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => form.isConnected && !form.dataset.clean && save(form), 500);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    // Kept until the next page shows that it arrived: the connection may break right now.
    if (!event.defaultPrevented) save(form, true);
  });
  // The last half second before the page goes away counts too.
  window.addEventListener("pagehide", () => {
    if (timer && form.isConnected && !form.dataset.clean) save(form);
  });
}

// A draft that was sent and whose form is not on this page has arrived. Pages for what went wrong
// do not load this file, and the sign-in page has no user: there the draft waits.
function sweep() {
  if (!user) return;
  const here = new Set([...document.querySelectorAll("form[data-draft]")].map(slot));
  store((box) => {
    for (const key of Object.keys(box)) {
      if (!key.startsWith(`${PREFIX}${user}:`) || here.has(key)) continue;
      if (JSON.parse(box.getItem(key)).sent) box.removeItem(key);
    }
  });
}

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt.closest?.("form[data-draft]");
  if (!form || event.detail.requestConfig.verb === "get" || !event.detail.successful) return;
  form.dataset.clean = "1";
  store((box) => box.removeItem(slot(form)));
});

function scan() {
  document.querySelectorAll("form[data-draft]").forEach(wire);
  // A page that shows the same, fresh form after a success names the draft that is done.
  document.querySelectorAll("[data-draft-done]").forEach((node) => {
    store((box) => box.removeItem(`${PREFIX}${user}:${node.dataset.draftDone}`));
  });
}

// Signing out takes every draft off this device: it may be a shared one.
document.addEventListener("submit", (event) => {
  if (!event.target.matches?.("form[data-signout]")) return;
  store((box) => {
    for (const key of Object.keys(box)) if (key.startsWith(PREFIX)) box.removeItem(key);
  });
});

store((box) => {
  for (const key of Object.keys(box)) {
    if (!key.startsWith(PREFIX)) continue;
    try {
      const { at } = JSON.parse(box.getItem(key));
      if (Date.now() - at > KEEP_DAYS * 86400000) box.removeItem(key);
    } catch {
      box.removeItem(key);
    }
  }
});

sweep();
scan();
document.addEventListener("htmx:load", scan);
