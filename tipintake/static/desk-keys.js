// Single keys on the desk, for those who have not switched them off. Everything that a key does is a
// link, a button or a field of the page: without this file it is only slower.
"use strict";

const keysOn = document.currentScript.dataset.keys === "on";
const rows = [...document.querySelectorAll("[data-row]")];
const TWICE_MS = 1000; // a double click, or a key that is held down
let at = -1;
let lent = null; // the row that a deed's key ticked, until the deed is done or let go

function typing(target) {
  return target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") !== null;
}

function stand(next) {
  if (!rows.length) return;
  at = Math.max(0, Math.min(rows.length - 1, next));
  const link = rows[at].querySelector("[data-open]");
  link.focus();
  link.scrollIntoView({ block: "nearest" });
}

function tick(row, on) {
  const box = row.querySelector("input[type=checkbox]");
  if (!box) return;
  box.checked = on === undefined ? !box.checked : on;
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

function ticked() {
  return document.querySelectorAll("[data-row] input:checked").length;
}

// In a list a deed is for the ticked rows, or for the one that stands out.
function readyForDeed() {
  if (at < 0 || ticked()) return;
  tick(rows[at], true);
  lent = rows[at];
}

// A tick that nobody made for itself does not wait for the next deed, on another row.
function takeBackTick() {
  if (lent) tick(lent, false);
  lent = null;
}

function press(key) {
  const found = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find(
    (one) => one.offsetParent !== null,
  );
  if (!found) return false;
  if (found.matches("details")) {
    found.open = true;
    (found.querySelector("select, input:not([type=hidden]), textarea") || found).focus();
  } else if (found.matches("input, select, textarea")) {
    found.focus();
    if (found.select) found.select();
  } else {
    found.click();
  }
  return true;
}

// The tip beside the list: asked for once, it follows whoever rests on another row.
const beside = document.getElementById("beside");
let resting = 0;

function standsBeside() {
  const shown = beside && beside.querySelector("[data-shown]");
  return shown ? shown.dataset.shown : "";
}

function showBeside(row) {
  const link = row.querySelector("[data-beside]");
  if (!link || link.offsetParent === null) return false;
  if (link.dataset.beside === standsBeside()) beside.querySelector("h2").focus();
  else link.click();
  return true;
}

function follow(row) {
  clearTimeout(resting);
  const link = row.querySelector("[data-beside]");
  if (!keysOn || !standsBeside() || !link || link.dataset.beside === standsBeside()) return;
  resting = setTimeout(() => link.offsetParent !== null && showBeside(row), 400);
}

function markShown() {
  const shown = standsBeside();
  for (const row of rows) {
    const link = row.querySelector("[data-beside]");
    const is = Boolean(shown) && link !== null && link.dataset.beside === shown;
    row.classList.toggle("shown", is);
    if (is) row.classList.remove("unread");
    if (is) for (const one of row.querySelectorAll(".dot, .dot + .away")) one.remove();
  }
}

function putAway() {
  if (!standsBeside()) return false;
  clearTimeout(resting);
  beside.replaceChildren();
  markShown();
  if (at >= 0) stand(at);
  return true;
}

function help() {
  const dialog = document.getElementById("keys-help");
  if (!dialog) return false;
  if (dialog.open) dialog.close();
  else dialog.showModal();
  return true;
}

function note() {
  const field = document.getElementById("note");
  if (field) field.focus();
  else if (at >= 0) rows[at].querySelector("[data-open]").click();
  return Boolean(field) || at >= 0;
}

// Out of a field, so that keys are keys again; what was opened by a key closes.
function leave(field) {
  const act = field.closest("details.act");
  if (field.closest("#bar") && at >= 0) {
    takeBackTick();
    return stand(at);
  }
  if (!act) return field.blur();
  act.open = false;
  act.querySelector("summary").focus();
}

const KEYS = {
  j: () => (rows.length ? (stand(at + 1), true) : press("j")),
  k: () => (rows.length ? (stand(at - 1), true) : press("k")),
  o: () => (at >= 0 ? (rows[at].querySelector("[data-open]").click(), true) : false),
  x: () => (at >= 0 ? (tick(rows[at]), true) : false),
  p: () => (at >= 0 ? showBeside(rows[at]) : false),
  n: note,
  "?": help,
  Escape: putAway,
};

document.addEventListener("keydown", (event) => {
  if (!keysOn || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  // Under the cover of a locked desk a key would lead away from what was typed.
  if (document.querySelector("dialog[open], .is-locked")) return;
  if (typing(event.target)) {
    if (event.key === "Escape" && !event.defaultPrevented) leave(event.target);
    return;
  }
  // Held down, it would go on with the tip that opens next.
  if (event.repeat && !(rows.length && "jk".includes(event.key))) return;
  if ("aedr".includes(event.key)) readyForDeed();
  const done = KEYS[event.key] ? KEYS[event.key]() : "aedru/".includes(event.key) && press(event.key);
  if (done) event.preventDefault();
});

document.addEventListener("focusin", (event) => {
  const row = event.target.closest("[data-row]");
  if (!row) return;
  at = rows.indexOf(row);
  if (row !== lent) takeBackTick();
  follow(row);
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target !== beside) return;
  beside.scrollTop = 0;
  markShown();
  const said = document.getElementById("beside-said");
  said.textContent = said.dataset.said.replace("T-", standsBeside());
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-put-away]") && putAway()) event.preventDefault();
});
markShown();

// After a deed the list is loaded anew, at the row behind those that it was done to: the browser
// itself stands at what the address names.
const deeds = document.getElementById("deeds");
if (deeds) {
  deeds.addEventListener("submit", (event) => {
    const back = deeds.elements.namedItem("back");
    const of = deeds.elements.namedItem("of");
    const act = event.submitter ? event.submitter.value : "";
    const last = rows.findLastIndex((row) => row.querySelector("input:checked"));
    const next = rows[last + 1] || rows[0];
    const nothing = act === "enter" && !(of && of.value);
    if (last >= 0 && !nothing) back.value = `${back.value.split("#")[0]}#${next.querySelector("[data-open]").id}`;
  });
}

// The second of two presses would be told that somebody was faster: by the first. Where the next tip
// has opened meanwhile it would be done to that one, whose buttons stand where the last one's stood.
const opened = Date.now();
let isNext = document.querySelector(".news") !== null;
// Whoever chose something there, or went there by keyboard, means this one.
document.addEventListener("change", () => { isNext = false; });
document.addEventListener("keydown", ({ key }) => { if (key !== "Enter" && key !== " ") isNext = false; });
document.addEventListener("submit", (event) => {
  const form = event.target;
  const now = Date.now();
  const last = isNext && form.closest(".tip-bar") ? opened : 0;
  if (now - Number(form.dataset.sent || last) < TWICE_MS) event.preventDefault();
  form.dataset.sent = now;
});

const chosen = document.querySelector("[data-chosen]");
document.addEventListener("change", () => {
  if (chosen) chosen.textContent = ticked() ? `(${ticked()})` : "";
});

// A word that is offered is put into the box, where one may go on typing.
document.addEventListener("click", (event) => {
  const offer = event.target.closest("[data-offer]");
  const box = document.getElementById("q");
  if (!offer || !box) return;
  event.preventDefault();
  const word = offer.dataset.offer;
  box.value = box.value.replace(/\S*$/, word) + (word.endsWith(":") ? "" : " ");
  box.focus();
  box.dispatchEvent(new Event("input", { bubbles: true }));
});

for (const form of document.querySelectorAll(".undo[data-seconds]")) {
  setTimeout(() => form.remove(), Number(form.dataset.seconds) * 1000);
}

// Logged off meanwhile: the log-on page is no part of this one.
document.addEventListener("htmx:beforeSwap", (event) => {
  const asked = event.detail.pathInfo.requestPath.split("?")[0];
  const came = new URL(event.detail.xhr.responseURL || asked, location.href).pathname;
  if (came !== asked) event.detail.shouldSwap = false;
});
