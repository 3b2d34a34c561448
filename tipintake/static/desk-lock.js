// Covers a page that stays open on a locked desk. What was typed stays in it, under the cover.
"use strict";

{
  const EVERY_MS = 20000;
  const cover = document.getElementById("lock-here");
  let stood = document.body;

  async function look() {
    try {
      const answer = await fetch(cover.dataset.from, { redirect: "error", cache: "no-store" });
      show(answer.status === 423);
    } catch {
      // logged off, or the desk does not answer: the next click says so
    }
  }

  function show(locked) {
    if (locked === !cover.hidden) return;
    // An open dialog would keep the way to unlock out of reach.
    for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
    if (locked) stood = document.activeElement;
    cover.hidden = !locked;
    document.body.classList.toggle("is-locked", locked);
    (locked ? cover.querySelector("a") : stood).focus({ preventScroll: true });
  }

  function begin() {
    look();
    setInterval(look, EVERY_MS);
    window.addEventListener("focus", look);
  }

  if (cover) setTimeout(begin, Number(cover.dataset.minutes) * 60000 + 1000);
}
