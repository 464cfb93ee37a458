// The desk: preset reasons in one tap, and the eye stays at the top of the next record.

document.addEventListener("click", (event) => {
  const hint = event.target.closest?.("[data-fill][data-into]");
  if (!hint) return;
  const box = document.getElementById(hint.dataset.into);
  if (!box) return;
  box.value = box.value.trim() ? `${box.value.trim()}\n${hint.dataset.fill}` : hint.dataset.fill;
  box.focus();
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id !== "desk") return;
  document.querySelector(".rv-rows .is-current")?.scrollIntoView({ block: "nearest" });
  document.querySelector(".rv-record")?.scrollIntoView({ block: "nearest" });
});
