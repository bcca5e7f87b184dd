/* Beside each colour written as #rrggbb a field that shows it and lets one choose it. What is sent is the text:
   it may be empty, for the look's own colour. */
"use strict";
(() => {
  const WHOLE = /^#[0-9a-f]{6}$/i;
  const begin = () => {
    for (const text of document.querySelectorAll("input[data-pick]")) {
      const picker = document.createElement("input");
      picker.type = "color";
      picker.className = "look-pick";
      const label = document.querySelector(`label[for="${text.id}"]`);
      picker.setAttribute("aria-label", `${label ? label.textContent.trim() : ""} ${text.dataset.pick}`.trim());
      const show = () => {
        const written = text.value.trim();
        const shown = WHOLE.test(written) ? written : text.placeholder;
        if (WHOLE.test(shown)) picker.value = shown.toLowerCase();
      };
      picker.addEventListener("input", () => {
        text.value = picker.value;
        text.dispatchEvent(new Event("change", { bubbles: true }));
      });
      text.addEventListener("input", show);
      text.after(picker);
      show();
    }
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
