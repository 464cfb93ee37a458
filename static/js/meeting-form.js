// The log form: topics in one tap, set items of the fixed day, and votes counted as one types.
// Everything here only saves taps: without it the form posts the same fields.

const $ = (root, selector) => root.querySelector(selector);
const all = (root, selector) => [...root.querySelectorAll(selector)];

function kinds(form) {
  return all(form, 'input[name="kinds"]:checked').reduce((mask, box) => mask | Number(box.value), 0);
}

function showForKinds(form) {
  const mask = kinds(form);
  all(form, "[data-hints] [data-kind]").forEach((hint) => {
    hint.hidden = !(mask & Number(hint.dataset.kind));
  });
  const fixed = $(form, "[data-fixed]");
  if (fixed) fixed.hidden = !(mask & Number(fixed.dataset.fixed));
}

/** Voting members on the list, and how many of them are ticked. */
function electorate(form) {
  const source = document.getElementById("voting");
  const voting = new Set(source ? JSON.parse(source.textContent) : []);
  const listed = all(form, 'input[name="eligible"]').map((one) => Number(one.value));
  const there = all(form, 'input[name="present"]:checked').map((one) => Number(one.value));
  return {
    eligible: listed.filter((id) => voting.has(id)).length,
    present: there.filter((id) => voting.has(id)).length,
  };
}

/** The same arithmetic as meetings.rules.verdict: Art. 11 counts 应到, not 实到. */
function verdict({ eligible, present }, yes, no, abstain) {
  const head = `应到 ${eligible} 人、实到 ${present} 人有表决权，`;
  if (yes + no + abstain > present) return { text: `${head}票数比到会的多，请核对。`, tone: "bad" };
  if (!eligible || present * 2 < eligible) return { text: `${head}到会不足半数，不能表决（条例第十一条）。`, tone: "bad" };
  const needed = Math.floor(eligible / 2) + 1;
  return yes >= needed
    ? { text: `${head}赞成 ${yes} 票，达到 ${needed} 票：通过（条例第十一条）。`, tone: "ok" }
    : { text: `${head}赞成须达 ${needed} 票：未通过（条例第十一条）。`, tone: "bad" };
}

function countVotes(form) {
  const people = electorate(form);
  all(form, "[data-vote]").forEach((row) => {
    const [yes, no, abstain] = ["yes", "no", "abstain"].map((name) => $(row, `[name$="-${name}"]`)?.value ?? "");
    const say = $(row, "[data-vote-say]");
    if (yes === "") {
      say.textContent = people.eligible
        ? `应到 ${people.eligible} 人、实到 ${people.present} 人有表决权，赞成须达 ${Math.floor(people.eligible / 2) + 1} 票。`
        : "";
      say.dataset.tone = "";
      return;
    }
    const { text, tone } = verdict(people, Number(yes), Number(no), Number(abstain));
    say.textContent = text;
    say.dataset.tone = tone;
  });
}

function addVote(form) {
  const total = $(form, 'input[name="votes-TOTAL_FORMS"]');
  const blank = $(form, "[data-vote-blank]");
  if (!total || !blank || Number(total.value) >= 20) return;
  const row = blank.content.cloneNode(true);
  all(row, "[name], [id], [for]").forEach((node) => {
    for (const name of ["name", "id", "for"]) {
      const value = node.getAttribute(name);
      if (value) node.setAttribute(name, value.replace("__prefix__", total.value));
    }
  });
  total.value = String(Number(total.value) + 1);
  const rows = $(form, "[data-vote-rows]");
  rows.append(row);
  rows.lastElementChild.querySelector("input")?.focus();
  countVotes(form);
}

document.addEventListener("click", (event) => {
  const hint = event.target.closest?.("[data-hints] [data-fill]");
  const form = event.target.closest?.("form[data-log]");
  if (!form) return;
  if (hint) {
    const topic = $(form, "#id_topic");
    topic.value = hint.dataset.fill;
    topic.dispatchEvent(new Event("input", { bubbles: true }));
  }
  if (event.target.closest("[data-vote-add]")) addVote(form);
});

function refresh(event) {
  const form = event.target.closest?.("form[data-log]");
  if (!form) return;
  if (event.target.name === "kinds") showForKinds(form);
  countVotes(form);
}

// A draft with more votes than the page has rows for.
function roomForVotes(event) {
  const form = event.target;
  const wanted = Object.keys(event.detail).filter((name) => /^votes-\d+-subject$/.test(name)).length;
  while ($(form, "[data-vote-blank]") && all(form, "[data-vote-rows] [data-vote]").length < wanted) {
    const before = all(form, "[data-vote]").length;
    addVote(form);
    if (all(form, "[data-vote]").length === before) break;
  }
}

document.addEventListener("draft:give", (event) => {
  if (event.target.matches?.("form[data-log]")) roomForVotes(event);
}, true);
document.addEventListener("change", refresh);
document.addEventListener("input", refresh);

function scan() {
  all(document, "form[data-log]").forEach((form) => {
    showForKinds(form);
    countVotes(form);
  });
}

scan();
document.addEventListener("htmx:load", scan);
