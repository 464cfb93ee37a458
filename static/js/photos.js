// Photos of a form: drawn smaller on the phone (place data stays behind), shown, and kept on the
// device with the draft until they have arrived.

import { dropPhotos, keepPhotos, photosOf } from "./parcels.js";

const LONGEST = 1600;
const QUALITY = 0.82;
const SMALL_ENOUGH = 400 * 1024;

async function smaller(file) {
  if (!/^image\/(jpeg|png|webp|heic|heif)$/.test(file.type)) return file;
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    if (scale === 1 && file.size <= SMALL_ENOUGH && file.type === "image/png") return file;
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
    if (!blob) return file;
    const name = file.name.replace(/\.[^.]*$/, "") || "照片";
    return new File([blob], `${name}.jpg`, { type: "image/jpeg", lastModified: file.lastModified });
  } catch {
    return file; // a format this phone cannot draw: the server looks at it
  }
}

function give(input, files) {
  const hand = new DataTransfer();
  for (const file of files) hand.items.add(file);
  input.files = hand.files;
}

const same = (one, other) => one.name === other.name && one.size === other.size;

function wire(input) {
  if (input.dataset.photosWired) return;
  input.dataset.photosWired = "1";
  const form = input.form;
  const user = document.body.dataset.user;
  const key = `${user}:${form.dataset.draft}`;
  const vault = form.dataset.vault ?? "";
  const list = form.querySelector("[data-picked-list]");
  const spot = form.querySelector("[data-picked]");
  let chosen = [];
  const urls = [];

  const show = () => {
    urls.splice(0).forEach((url) => URL.revokeObjectURL(url));
    spot.hidden = !chosen.length;
    spot.textContent = chosen.length ? `已选 ${chosen.length} 个，提交时一起上传。` : "";
    list.replaceChildren(
      ...chosen.map((file) => {
        const item = document.createElement("li");
        if (file.type.startsWith("image/")) {
          const url = URL.createObjectURL(file);
          urls.push(url);
          const picture = document.createElement("img");
          picture.src = url;
          picture.alt = file.name;
          item.append(picture);
        } else {
          item.append(Object.assign(document.createElement("span"), { textContent: file.name }));
        }
        const away = document.createElement("button");
        away.type = "button";
        away.className = "btn-icon";
        away.textContent = "×";
        away.setAttribute("aria-label", `不要 ${file.name}`);
        away.addEventListener("click", () => change(chosen.filter((one) => one !== file)));
        item.append(away);
        return item;
      }),
    );
  };
  const change = (files) => {
    chosen = files;
    give(input, chosen);
    show();
    return keepPhotos(key, user, chosen, vault).catch(() => {});
  };
  input.addEventListener("change", async () => {
    const fresh = [...input.files].filter((file) => !chosen.some((one) => same(one, file)));
    spot.hidden = false;
    spot.textContent = "正在处理照片…";
    form.dataset.busy = "1";
    const drawn = [];
    for (const file of fresh) drawn.push(await smaller(file));
    await change([...chosen, ...drawn]);
    delete form.dataset.busy;
  });
  form.addEventListener("desk:arrived", () => dropPhotos(key).catch(() => {}));
  photosOf(key, vault)
    .then((files) => (files.length && !chosen.length ? change(files) : null))
    .catch(() => {});
}

function scan() {
  if (!("indexedDB" in window) || !("DataTransfer" in window)) return;
  document.querySelectorAll("form[data-send] input[type=file][name=photos]").forEach(wire);
  // A page that shows a record names the drafts that became it.
  document.querySelectorAll("[data-draft-done]").forEach((node) => {
    dropPhotos(`${document.body.dataset.user}:${node.dataset.draftDone}`).catch(() => {});
  });
}

scan();
document.addEventListener("htmx:load", scan);
