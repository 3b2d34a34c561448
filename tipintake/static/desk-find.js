// Type to find in a long list of choices. Without this file the list is a plain one.
"use strict";

const MANY = 8;

function plain(text) {
  return text.normalize("NFKD").replace(/[̀-ͯ'’.]/g, "").toLowerCase();
}

function makeFindable(select) {
  const all = [...select.options];
  if (all.length <= MANY) return;
  const before = select.value;
  const empty = all.find((one) => one.value === "");
  const box = document.createElement("input");
  const said = document.createElement("p");
  box.type = "search";
  box.className = "type-ahead";
  box.autocomplete = "off";
  box.placeholder = select.dataset.find;
  const label = document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
  const name = (label ? label.firstChild.textContent : select.getAttribute("aria-label") || "").trim();
  box.setAttribute("aria-label", `${name}: ${select.dataset.find}`);
  box.setAttribute("aria-controls", select.id);
  said.className = "away";
  said.setAttribute("role", "status");
  select.before(box, said);

  function found() {
    const words = plain(box.value).split(/\s+/).filter(Boolean);
    if (!words.length) return all;
    return all.filter((one) => {
      const text = plain(`${one.textContent} ${one.dataset.words || ""}`);
      return one !== empty && words.every((word) => text.includes(word));
    });
  }

  box.addEventListener("input", () => {
    const left = found();
    select.replaceChildren(...(left.length ? left : [empty || all[0]]));
    const searching = box.value.trim() !== "";
    select.size = searching ? Math.max(2, Math.min(6, left.length)) : 0;
    // Of several nobody is chosen: what one did not look at is not sent.
    if (searching) select.selectedIndex = left.length === 1 ? 0 : -1;
    else select.value = before;
    said.textContent = searching ? `${left.length} / ${all.length}` : "";
    select.dispatchEvent(new Event("change", { bubbles: true }));
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "Enter") return;
    event.preventDefault();
    select.focus();
    if (event.key === "ArrowDown" && select.selectedIndex < 0) select.selectedIndex = 0;
  });
}

for (const one of document.querySelectorAll("select[data-find]")) makeFindable(one);
