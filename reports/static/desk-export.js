// Keeps the progress of an export true until it is over. Without it the page reloads itself.
"use strict";

{
  const everyMs = 1500;
  const over = 286;
  const state = document.getElementById("export-state");

  const follow = async () => {
    try {
      const answer = await fetch(state.dataset.from, { redirect: "error", cache: "no-store" });
      if (answer.ok) state.innerHTML = await answer.text();
      if (answer.status === over) return;
    } catch {
      return; // logged off, or the desk does not answer
    }
    setTimeout(follow, everyMs);
  };

  if (state) setTimeout(follow, everyMs);
}
