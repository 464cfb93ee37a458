// “返回上一页” on the error pages; without a page to go back to the button stays hidden.
const button = document.querySelector("[data-back]");
if (button && history.length > 1) {
  button.hidden = false;
  button.addEventListener("click", () => history.back());
}
document.querySelector("[data-again]")?.addEventListener("click", () => location.reload());
