// Keeps the first page true in its place, so that whoever reads it keeps theirs. Without it the page
// loads itself.
"use strict";

{
  const { from, seconds } = document.currentScript.dataset;
  const main = document.getElementById("main");

  // Of several links with one address it is one of them: the first, the second...
  function same(link) {
    const href = link.getAttribute("href");
    return [...main.querySelectorAll("a")].filter((one) => one.getAttribute("href") === href);
  }

  function show(text) {
    const stood = document.activeElement;
    const link = main.contains(stood) && stood.matches("a") ? stood : null;
    const at = link ? same(link).indexOf(link) : -1;
    const page = new DOMParser().parseFromString(text, "text/html");
    main.replaceChildren(...page.getElementById("main").childNodes);
    if (!link) return;
    const again = same(link)[at] || same(link)[0] || main;
    again.focus({ preventScroll: true });
  }

  async function look() {
    try {
      const answer = await fetch(from, { cache: "no-store" });
      // Locked or logged off: the page that says so.
      if (answer.redirected) window.location.assign(from);
      else if (answer.ok) show(await answer.text());
    } catch {
      // the desk does not answer: the title says so
    }
  }

  setInterval(look, Number(seconds) * 1000);
}
