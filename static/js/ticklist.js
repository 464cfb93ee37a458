// The attendance list: counts as one ticks, all-present in one press, finds a name among many.

function refresh(list) {
  const boxes = [...list.querySelectorAll(".tick-main input[type=checkbox]")];
  const there = boxes.filter((box) => box.checked).length;
  list.querySelector("[data-tick-there]").textContent = there;
  list.querySelector("[data-tick-away]").textContent = boxes.length - there;
  for (const box of boxes) {
    const row = box.closest(".tick-row");
    row.classList.toggle("is-there", box.checked);
    row.classList.toggle("is-away", !box.checked);
    row.querySelectorAll(".tick-why input").forEach((one) => {
      one.disabled = box.checked;
    });
  }
}

function scan() {
  document.querySelectorAll("[data-ticklist]").forEach(refresh);
}

document.addEventListener("change", (event) => {
  const list = event.target.closest?.("[data-ticklist]");
  if (list) refresh(list);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-tick-all]");
  if (!button) return;
  const list = button.closest("[data-ticklist]");
  list.querySelectorAll(".tick-main input[type=checkbox]").forEach((box) => {
    box.checked = true;
  });
  refresh(list);
  list.dispatchEvent(new Event("input", { bubbles: true }));
});

document.addEventListener("input", (event) => {
  if (!event.target.matches?.("[data-tick-find]")) return;
  const wanted = event.target.value.trim();
  event.target.closest("[data-ticklist]").querySelectorAll(".tick-row").forEach((row) => {
    row.hidden = wanted !== "" && !row.dataset.name.includes(wanted);
  });
});

scan();
document.addEventListener("htmx:load", scan);
