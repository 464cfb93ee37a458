// What every page needs: dialogs, confirmation, messages, shortcuts, filters, the unsaved guard.
// Plain delegation on document, so that pieces swapped in by htmx work without being wired up.

document.documentElement.classList.add("js");

/** Show a short line at the foot of the page. */
export function toast(text, kind = "info") {
  const box = document.getElementById("toasts");
  if (!box) return;
  const line = document.createElement("div");
  line.className = `toast-line toast-${kind}`;
  line.textContent = text;
  box.append(line);
  setTimeout(() => line.remove(), kind === "error" ? 9000 : 4500);
}

/** Ask before something that cannot be taken back; resolves to true or false. */
export function ask({ text, title = "请确认", ok = "确定" }) {
  const box = document.getElementById("confirm");
  if (!box || typeof box.showModal !== "function") return Promise.resolve(window.confirm(text));
  box.querySelector("#confirm-title").textContent = title;
  box.querySelector("[data-confirm-text]").textContent = text;
  box.querySelector("[data-confirm-ok]").textContent = ok;
  box.returnValue = "no";
  box.showModal();
  return new Promise((resolve) => {
    box.addEventListener("close", () => resolve(box.returnValue === "yes"), { once: true });
  });
}

const confirmed = new WeakSet();

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    const button = event.submitter;
    const source = button?.dataset.confirm ? button : form.dataset.confirm ? form : null;
    if (source && !confirmed.has(form)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      const { confirm: text, confirmTitle: title, confirmOk: ok } = source.dataset;
      ask({ text, title, ok }).then((yes) => {
        if (!yes) return;
        confirmed.add(form);
        form.requestSubmit(button ?? undefined);
      });
      return;
    }
    confirmed.delete(form);
    // One press, one record: a second press of an impatient thumb does nothing.
    if (form.method === "post" && !hasHtmx(form, button)) {
      if (form.dataset.sent) {
        event.preventDefault();
        return;
      }
      form.dataset.sent = "1";
      setTimeout(() => delete form.dataset.sent, 8000);
    }
    form.dataset.clean = "1";
  },
  true,
);

function hasHtmx(form, button) {
  return [form, button].some((node) => node?.matches?.("[hx-post],[hx-put],[hx-patch],[hx-delete]"));
}

// htmx asks through the same dialog: hx-confirm="…"
document.addEventListener("htmx:confirm", (event) => {
  if (!event.detail.question) return;
  event.preventDefault();
  ask({ text: event.detail.question }).then((yes) => yes && event.detail.issueRequest(true));
});

document.addEventListener("click", (event) => {
  const hit = (selector) => event.target.closest?.(selector);
  const opener = hit("[data-dialog-open]");
  if (opener) {
    document.getElementById(opener.dataset.dialogOpen)?.showModal();
    return;
  }
  if (hit("[data-dialog-close]")) {
    hit("dialog")?.close();
    return;
  }
  if (event.target instanceof HTMLDialogElement && !event.target.hasAttribute("data-keep")) {
    const box = event.target.getBoundingClientRect();
    const outside =
      event.clientX < box.left || event.clientX > box.right ||
      event.clientY < box.top || event.clientY > box.bottom;
    if (outside) event.target.close("no");
    return;
  }
  const note = hit("[data-notice-close]");
  if (note) note.closest("[data-notice]").remove();
  const toggle = hit("[data-filterbar-toggle]");
  if (toggle) {
    const open = toggle.closest("[data-filterbar]").classList.toggle("is-open");
    toggle.setAttribute("aria-expanded", String(open));
  }
  if (hit("[data-print]")) window.print();
  const eye = hit("[data-reveal]");
  if (eye) {
    const box = document.getElementById(eye.dataset.reveal);
    const shown = box.type === "text";
    box.type = shown ? "password" : "text";
    eye.setAttribute("aria-pressed", String(!shown));
    eye.setAttribute("aria-label", shown ? "显示密码" : "隐藏密码");
    const use = eye.querySelector("use");
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, shown ? "#eye" : "#eye-off"));
    return;
  }
  const copy = hit("[data-copy]");
  if (copy) {
    navigator.clipboard?.writeText(copy.dataset.copy).then(() => toast("已复制"));
  }
  // An open <details class="menu"> closes when the eye moves elsewhere.
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});

// Tick all: <input type="checkbox" data-tick-group="name of the boxes">; [data-tick-count="name"]
document.addEventListener("change", (event) => {
  const box = event.target;
  if (box.matches?.("[data-tick-group]")) {
    const name = box.dataset.tickGroup;
    document.querySelectorAll(`input[name="${CSS.escape(name)}"]`).forEach((one) => {
      one.checked = box.checked;
      one.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
  if (box.type === "checkbox" && box.name) {
    const row = box.closest("tr");
    if (row && !box.matches("[data-tick-group]")) row.setAttribute("aria-selected", String(box.checked));
    document.querySelectorAll(`[data-tick-count="${CSS.escape(box.name)}"]`).forEach((spot) => {
      spot.textContent = document.querySelectorAll(
        `input[name="${CSS.escape(box.name)}"]:checked`,
      ).length;
    });
  }
  // Filters send themselves; a text box waits until the typing stops.
  const form = box.closest?.("form[data-autosubmit]");
  if (form && !box.matches('input[type="search"], input[type="text"]')) form.requestSubmit();
});

let typing = 0;
document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-autosubmit]");
  if (form && event.target.matches('input[type="search"], input[type="text"]') && !event.isComposing) {
    clearTimeout(typing);
    typing = setTimeout(() => form.requestSubmit(), 600);
  }
});

// Keyboard: data-key="a" presses the button or follows the link; never while typing.
document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]")) return;
  const scope = document.querySelector("dialog[open]") ?? document;
  const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const target = [...scope.querySelectorAll("[data-key]")].find(
    (node) => node.dataset.key === name && !node.disabled && node.offsetParent !== null,
  );
  if (!target) return;
  event.preventDefault();
  if (target.matches("input:not([type=checkbox]), textarea, select")) target.focus();
  else target.click();
});

// Leaving a half-filled form: <form data-guard>. draft.js keeps the text anyway.
const touched = new Set();
document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-guard]");
  if (form) {
    delete form.dataset.clean;
    touched.add(form);
  }
});
window.addEventListener("beforeunload", (event) => {
  if ([...touched].some((form) => form.isConnected && !form.dataset.clean)) event.preventDefault();
});

// htmx: a thin bar while waiting, a sentence when it fails.
let waiting = 0;
const busy = (step) => {
  waiting = Math.max(0, waiting + step);
  document.body.classList.toggle("is-busy", waiting > 0);
};
document.addEventListener("htmx:beforeRequest", (event) => {
  if (!event.target.closest?.(".job")) busy(1);
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.target.closest?.(".job")) busy(-1);
});
document.addEventListener("htmx:sendError", () => toast("网络连接不上，内容没有丢，请稍后再试一次。", "error"));
document.addEventListener("htmx:timeout", () => toast("等待超时，请检查网络后再试一次。", "error"));
document.addEventListener("htmx:responseError", (event) => {
  const code = event.detail.xhr.status;
  const words = {
    401: "登录已失效，请刷新页面重新登录。",
    403: "没有权限做这一步，或页面放得太久。请刷新页面再试。",
    404: "这条记录不在了，或不在您的管理范围。请刷新页面。",
    409: "别人刚改过这条记录，请刷新页面看最新内容。",
    429: "操作太频繁，请稍等一会儿再试。",
  };
  toast(words[code] ?? "服务器没有办成这件事，请稍后再试；多次不成请联系管理员。", "error");
});

// Coming back by the browser's back button must not show a locked form.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

document.querySelector("[data-focus]")?.focus();
