// Keeps the progress of an export true until it is over. Without it the page reloads itself.
"use strict";

{
  const everyMs = 1500;
  const over = 286;
  const state = document.getElementById("export-state");

  // Whoever stands on a button stays on it; where it is gone, on the heading: the next press must
  // not be of another button.
  const show = (text) => {
    const form = state.contains(document.activeElement) && document.activeElement.form;
    state.innerHTML = text;
    if (!form) return;
    const again = [...state.querySelectorAll("form")].find((one) => one.action === form.action);
    (again ? again.querySelector("button") : state.querySelector("h2")).focus();
  };

  const follow = async () => {
    try {
      const answer = await fetch(state.dataset.from, { redirect: "error", cache: "no-store" });
      if (answer.ok) show(await answer.text());
      if (answer.status === over) return;
    } catch {
      return; // logged off, or the desk does not answer
    }
    setTimeout(follow, everyMs);
  };

  if (state) setTimeout(follow, everyMs);
}
