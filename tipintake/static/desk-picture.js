// Not needed: drawing on the picture fills in the numbers that can also be typed.
"use strict";
(() => {
  const area = document.getElementById("pixels");
  const form = document.getElementById("parts");
  if (!area || !form) return;
  const rows = [...form.querySelectorAll("fieldset")].map((row) => [...row.querySelectorAll("input")]);
  const boxes = rows.map(() => area.appendChild(Object.assign(document.createElement("div"), { className: "drawn", hidden: true })));
  const show = () => rows.forEach((row, at) => {
    const [x, y, width, height] = row.map((input) => parseFloat(input.value.replace(",", ".")));
    boxes[at].hidden = !(width > 0 && height > 0);
    Object.assign(boxes[at].style, { left: `${x}%`, top: `${y}%`, width: `${width}%`, height: `${height}%` });
  });
  const place = (event) => {
    const { left, top, width, height } = area.getBoundingClientRect();
    const within = (value) => Math.min(100, Math.max(0, value));
    return [within((event.clientX - left) / width * 100), within((event.clientY - top) / height * 100)];
  };
  let row = null, start = null;
  area.style.cursor = "crosshair";
  area.addEventListener("dragstart", (event) => event.preventDefault());
  area.addEventListener("pointerdown", (event) => {
    if (event.target.closest(".veil")) return; // not shown yet: this click shows it
    row = rows.find((one) => one.every((input) => !input.value));
    if (!row) return; // none is free: an earlier part must not move
    start = place(event);
    area.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  area.addEventListener("pointermove", (event) => {
    if (!start) return;
    const now = place(event);
    const values = [Math.min(start[0], now[0]), Math.min(start[1], now[1]), Math.abs(start[0] - now[0]), Math.abs(start[1] - now[1])];
    row.forEach((input, at) => { input.value = values[at].toFixed(1); });
    show();
  });
  area.addEventListener("pointerup", () => {
    if (start && row.some((input, at) => at > 1 && !(parseFloat(input.value) > 0.5))) row.forEach((input) => { input.value = ""; });
    start = null;
    show();
  });
  form.addEventListener("input", show);
  show();
})();
