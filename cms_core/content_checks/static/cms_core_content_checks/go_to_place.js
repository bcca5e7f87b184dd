/* Leads from a finding to its place in the editing form: #at-<field or block>. */
"use strict";
(() => {
  const wanted = /^#at-([\w-]+)$/.exec(window.location.hash);
  if (!wanted) return;
  const go = (left) => {
    const place = document.querySelector(`[data-contentpath="${wanted[1]}"]`);
    if (!place) {
      // Stream blocks are built after the page was read.
      if (left > 0) window.setTimeout(() => go(left - 1), 200);
      return;
    }
    const target = place.closest("section") || place;
    target.scrollIntoView({ block: "center" });
    const field = target.querySelector(
      'input:not([type="hidden"]):not([hidden]), textarea:not([hidden]), [contenteditable="true"], select',
    );
    if (field) field.focus({ preventScroll: true });
  };
  window.addEventListener("load", () => go(25));
})();
