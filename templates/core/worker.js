{% load static %}// Looks after the pages of this desk: a page for when there is no connection, and late parcels.
import { sendAll } from "{% static 'js/parcels.js' %}";

const SHELL = "desk-shell";
const OFFLINE = "{% url 'offline' %}";
const PARTS = [
  OFFLINE,
  "{% static 'css/offline.css' %}",
  "{% static 'js/offline.js' %}",
  "{% static 'js/parcels.js' %}",
];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((box) => box.addAll(PARTS)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// Pages and parts come from the server; the kept ones only stand in while it cannot be reached.
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const part = PARTS.includes(new URL(request.url).pathname);
  if (request.mode !== "navigate" && !part) return;
  event.respondWith(
    fetch(request).catch(() => caches.match(part ? request : OFFLINE)),
  );
});

// The browser says that there is a connection again, the page open or not.
async function late() {
  await sendAll();
  for (const page of await self.clients.matchAll({ type: "window" })) page.postMessage("sent");
}

self.addEventListener("sync", (event) => {
  if (event.tag === "parcels") event.waitUntil(late());
});
