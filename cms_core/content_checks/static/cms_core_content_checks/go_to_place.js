/* Leads from a finding to its place in the editing form: #at-<field or block>. */
"use strict";
(() => {
  const wanted = /^#at-([\w-]+)$/.exec(window.location.hash);
  if (!wanted) return;
  // While the form is still built, what is above the place grows and pushes it away.
  const SETTLES_MS = 4000;

  const open = (place) => {
    // Outermost first: a panel is opened only inside an open tab.
    const closed = [];
    for (let part = place.parentElement; part; part = part.parentElement) {
      if (part.hasAttribute("hidden")) closed.unshift(part);
    }
    for (const part of closed) {
      if (!part.id) continue;
      const switches = `a[href="#${part.id}"], [aria-controls="${part.id}"]`;
      const toggle = document.querySelector(switches);
      if (toggle && part.hasAttribute("hidden")) toggle.click();
    }
  };

  const keepInView = (target) => {
    const show = () => target.scrollIntoView({ block: "center", behavior: "instant" });
    const watch = new ResizeObserver(show);
    const stop = () => watch.disconnect();
    show();
    watch.observe(document.body);
    for (const form of document.querySelectorAll("#page-edit-form, main")) watch.observe(form);
    // Whoever scrolls or types has arrived.
    for (const kind of ["wheel", "touchstart", "pointerdown", "keydown"]) {
      window.addEventListener(kind, stop, { once: true, passive: true });
    }
    window.setTimeout(() => {
      show();
      stop();
    }, SETTLES_MS);
    window.addEventListener("pagehide", stop, { once: true });
  };

  const go = (left) => {
    const place = document.querySelector(`[data-contentpath="${wanted[1]}"]`);
    if (!place) {
      // Stream blocks are built after the page was read.
      if (left > 0) window.setTimeout(() => go(left - 1), 200);
      return;
    }
    open(place);
    const fields =
      'input:not([type="hidden"]):not([hidden]), textarea:not([hidden]), [contenteditable="true"], select';
    // A whole tab is a section too: the field itself is what is meant.
    const field = place.querySelector(fields) || place.closest("section")?.querySelector(fields);
    if (field) field.focus({ preventScroll: true });
    keepInView(field && place.offsetHeight > window.innerHeight ? field : place);
  };
  window.addEventListener("load", () => go(25));
})();
