// The page without a connection: how much waits on this device, and a way back when it returns.

import { parcelsOf } from "./parcels.js";

const spot = document.querySelector("[data-waiting]");
parcelsOf()
  .then((all) => {
    const rows = all.filter((row) => row.state !== "done");
    spot.textContent = rows.length
      ? `这部手机上存着 ${rows.length} 条没有交上去的记录，连上网后自动提交，一条也不会丢。`
      : "这部手机上没有等着提交的记录。";
  })
  .catch(() => {});

// The browser says “online” a moment before it is true: what counts is that the server answers.
const again = () => window.location.reload();
async function look() {
  try {
    if ((await fetch("/healthz", { cache: "no-store" })).ok) again();
  } catch {
    // not yet
  }
}
document.querySelector("[data-again]").addEventListener("click", again);
window.addEventListener("online", look);
setInterval(look, 3000);
