// Keeps the progress of an export true until it is over. Without it the page reloads itself.
"use strict";

const EVERY_MS = 1500;
const OVER = 286;
const state = document.getElementById("export-state");

async function follow() {
  try {
    const answer = await fetch(state.dataset.from, { redirect: "error", cache: "no-store" });
    if (answer.ok) state.innerHTML = await answer.text();
    if (answer.status === OVER) return;
  } catch {
    return; // logged off, or the desk does not answer
  }
  setTimeout(follow, EVERY_MS);
}

if (state) setTimeout(follow, EVERY_MS);
