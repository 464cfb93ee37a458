// A QR code carries the code behind the #: take it into the field and out of the address.
const field = document.querySelector("[name=code]");

function take() {
  const code = decodeURIComponent(location.hash.slice(1));
  if (field && /^[0-9A-Za-z]{12}$/.test(code)) {
    field.value = code;
    history.replaceState(null, "", location.pathname);
  }
}

take();
addEventListener("hashchange", take);
