// Keeps the P1 banner true on a page that stays open. Without it the banner is as old as the page.
"use strict";

const EVERY_MS = 20000;
const here = document.getElementById("alarm-here");
const title = document.title;

async function look() {
  try {
    const answer = await fetch(here.dataset.from, { redirect: "error", cache: "no-store" });
    if (!answer.ok) return;
    const text = await answer.text();
    if (text.trim() !== here.innerHTML.trim()) show(text);
    mark();
  } catch {
    document.title = `? ${title}`; // logged off, or the desk does not answer
  }
}

// Whoever stands on one of its tips with the keyboard stays there.
function show(text) {
  const stood = here.contains(document.activeElement) ? document.activeElement.href : "";
  here.innerHTML = text;
  const again = [...here.querySelectorAll("a")].find((one) => one.href === stood);
  if (again) again.focus({ preventScroll: true });
}

function mark() {
  const alarm = here.querySelector("[data-count]");
  document.title = alarm ? `(${alarm.dataset.count}!) ${title}` : title;
}

if (here) {
  mark();
  setInterval(look, EVERY_MS);
}
