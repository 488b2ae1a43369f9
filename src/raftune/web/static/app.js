// Keys click what is marked with them, live parts follow the server's events. Everything works without this file too.
"use strict";

const CODES = { BracketLeft: "[", BracketRight: "]", Minus: "-", Equal: "=", NumpadAdd: "=", NumpadSubtract: "-" };
let busy = 0;

// By the key's place, so that letters work while Korean is being typed.
function keyOf(event) {
  if (event.code.startsWith("Key")) return event.code.slice(3).toLowerCase();
  if (/^(Digit|Numpad)[0-9]$/.test(event.code)) return event.code.slice(-1);
  return CODES[event.code] || event.key;
}

function writing(target) {
  return target.closest && target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
}

function visible(element) {
  return element.checkVisibility ? element.checkVisibility() : element.offsetParent !== null;
}

document.addEventListener("keydown", (event) => {
  const form = event.target.closest && event.target.closest("form");
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form) {
    event.preventDefault();
    form.requestSubmit();
    return;
  }
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target.matches("[data-send]")) {
    event.preventDefault();
    form.requestSubmit();
    return;
  }
  if (event.key === "Escape") {
    const open = event.target.closest("details[open]") || document.querySelector(".actions details[open]");
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
    }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || writing(event.target)) return;
  const wanted = keyOf(event);
  const found = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === wanted && visible(one));
  if (!found) return;
  event.preventDefault();
  if (!busy && !event.repeat) found.click();
});

document.addEventListener("toggle", (event) => {
  const details = event.target;
  if (details.open && details.matches(".guide")) details.scrollIntoView({ block: "nearest" });
  if (!details.open || !details.closest(".actions")) return;
  for (const other of document.querySelectorAll(".actions details[open]")) if (other !== details) other.open = false;
  const field = details.querySelector("textarea, .reasons button");
  if (field) field.focus();
}, true);

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-zoom]");
  const sheet = button && document.querySelector("[data-sheet]");
  if (!sheet) return;
  const size = Math.min(4, Math.max(0, Number(sheet.dataset.size || 0) + Number(button.dataset.zoom)));
  sheet.dataset.size = String(size);
});

// Files that are dropped on a form.
for (const form of document.querySelectorAll("[data-drop]")) {
  form.addEventListener("dragover", (event) => { event.preventDefault(); form.classList.add("over"); });
  form.addEventListener("dragleave", () => form.classList.remove("over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("over");
    form.querySelector("input[type=file]").files = event.dataTransfer.files;
    form.requestSubmit();
  });
}

// Parts that change: the server sends them as they should be now.
const streams = new Map();

function put(part, text) {
  const open = [...part.querySelectorAll("details[open][id]")].map((one) => one.id);
  const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
  part.innerHTML = text;
  for (const id of open) if (document.getElementById(id)) document.getElementById(id).open = true;
  if (focused && document.getElementById(focused)) document.getElementById(focused).focus();
  htmx.process(part);
}

function follow() {
  for (const [part, stream] of streams) {
    if (part.isConnected) continue;
    stream.close();
    streams.delete(part);
  }
  for (const part of document.querySelectorAll("[data-live]")) {
    if (streams.has(part)) continue;
    const stream = new EventSource(part.dataset.live);
    streams.set(part, stream);
    stream.addEventListener("html", (event) => put(part, JSON.parse(event.data)));
    stream.addEventListener("end", () => stream.close());
  }
}

document.addEventListener("htmx:before:request", () => { busy += 1; });
document.addEventListener("htmx:finally:request", () => { busy = Math.max(0, busy - 1); });
document.addEventListener("htmx:after:swap", () => {
  document.getElementById("notice").replaceChildren();
  follow();
});
document.addEventListener("htmx:after:settle", (event) => {
  const target = (event.detail && event.detail.ctx && event.detail.ctx.target) || document;
  const heading = target.querySelector && target.querySelector("[data-focus]");
  if (heading) heading.focus({ preventScroll: true });
});
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-clear]")) setTimeout(() => event.target.reset(), 0);
});
window.addEventListener("pagehide", () => { for (const stream of streams.values()) stream.close(); });
document.addEventListener("DOMContentLoaded", follow);
follow();
