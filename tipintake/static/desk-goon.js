// Presses "Read on" by itself, so that a search in words goes on without a hand.
"use strict";
const going = document.querySelector("form[data-go-on]");
if (going) {
  const timer = setTimeout(() => going.requestSubmit(), 400);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") clearTimeout(timer);
  });
}
