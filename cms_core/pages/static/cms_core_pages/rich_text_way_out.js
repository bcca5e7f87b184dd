/* A way out of lists in running text by keyboard. There Tab moves an item in and out, so it never leaves:
   Escape lets the next Tab go on to the next control. It is told to whoever comes into a list. */
(() => {
  "use strict";
  const own = document.currentScript;
  const words = own.dataset.words;
  const FIELD = ".Draftail-Editor [contenteditable='true']";
  let isLeaving = false;

  const fieldOf = (target) => (target instanceof Element ? target.closest(FIELD) : null);

  // Before the editor's own listeners: what it never hears, it does not stop.
  window.addEventListener(
    "keydown",
    (event) => {
      if (!fieldOf(event.target)) return;
      if (event.key === "Escape") {
        isLeaving = true;
      } else if (event.key === "Tab" && isLeaving) {
        event.stopImmediatePropagation();
        isLeaving = false;
      } else if (event.key !== "Shift") {
        isLeaving = false;
      }
    },
    true,
  );
  window.addEventListener("focusout", () => { isLeaving = false; });

  // -- telling it: in sight, and aloud ---------------------------------------------------------------

  const hint = document.createElement("p");
  hint.className = "rich-text-way-out";
  hint.setAttribute("role", "status");

  const tell = () => {
    const selected = window.getSelection();
    const node = selected && selected.anchorNode;
    const place = node && (node instanceof Element ? node : node.parentElement);
    const item = place && place.closest("li");
    const field = item && fieldOf(item);
    if (!field || !field.contains(document.activeElement)) {
      hint.textContent = "";
      return;
    }
    const editor = field.closest(".Draftail-Editor");
    if (hint.previousElementSibling !== editor) editor.after(hint);
    if (hint.textContent !== words) hint.textContent = words;
  };
  document.addEventListener("selectionchange", tell);
  document.addEventListener("focusout", () => window.setTimeout(tell));
})();
