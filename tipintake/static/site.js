// Nothing here is needed. It makes leaving quicker, counts characters, and keeps words.
"use strict";
(() => {
  const all = (query) => document.querySelectorAll(query);
  for (const link of all("#exit, [data-instead]")) {
    link.onclick = (event) => { event.preventDefault(); location.replace(link.href); };
  }
  const exit = document.getElementById("exit");
  if (exit) {
    let presses = [];
    document.addEventListener("keydown", (event) => {
      if (event.repeat) return;
      if (event.key !== "Shift") { presses = []; return; }
      presses = [...presses, event.timeStamp].filter((at) => event.timeStamp - at < 1500);
      if (presses.length >= 3) location.replace(exit.href);
    });
  }
  for (const box of all("[data-limit]")) {
    const left = document.createElement("p");
    left.id = `${box.id}_left`;
    box.setAttribute("aria-describedby", `${box.getAttribute("aria-describedby") || ""} ${left.id}`);
    const show = () => {
      const have = [...box.value].length;
      left.className = have > Number(box.dataset.limit) ? "error" : "left";
      left.textContent = `${have} / ${box.dataset.limit}`;
    };
    box.after(left);
    box.addEventListener("input", show);
    show();
  }
  const photos = document.getElementById("photos");
  if (photos) photos.form.addEventListener("submit", (event) => {
    const size = [...photos.files].reduce((sum, file) => sum + file.size, 0);
    const tooLarge = size > Number(photos.dataset.most) && event.submitter?.value === "send";
    photos.setCustomValidity(tooLarge ? photos.dataset.tooLarge : "");
    if (tooLarge) { event.preventDefault(); photos.reportValidity(); }
  });
  for (const ask of all("[data-map]")) {
    ask.hidden = false;
    ask.onclick = () => import(ask.dataset.map).then((map) => map.open(ask));
  }
  for (const link of all("a.language")) {
    const button = document.getElementById(`keep-${link.hreflang}`);
    if (button) link.addEventListener("click", (event) => { event.preventDefault(); button.click(); });
  }
})();
