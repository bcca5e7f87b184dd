/* Leads from a finding to its place in the editing form: #at-<field or block>. */
"use strict";
(() => {
  const wanted = /^#at-([\w-]+)$/.exec(window.location.hash);
  if (!wanted) return;
  // While the form is still built, what is above the place grows and pushes it away, panels do not open
  // yet, and other scripts may take the focus.
  const SETTLES_MS = 4000;
  // A slow machine builds a long form for longer; after that the person has found the place or left.
  const LONGEST_MS = 30000;
  const STEP_MS = 200;

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

  // Whoever scrolls or types has arrived.
  let acted = false;
  const acts = () => {
    acted = true;
  };
  for (const kind of ["wheel", "touchstart", "pointerdown", "keydown"]) {
    window.addEventListener(kind, acts, { once: true, passive: true });
  }

  const keepInView = (target) => {
    const show = () => {
      if (acted) watch.disconnect();
      else target.scrollIntoView({ block: "center", behavior: "instant" });
    };
    const watch = new ResizeObserver(show);
    show();
    watch.observe(document.body);
    for (const form of document.querySelectorAll("#page-edit-form, main")) watch.observe(form);
    window.setTimeout(() => {
      show();
      watch.disconnect();
    }, SETTLES_MS);
    window.addEventListener("pagehide", () => watch.disconnect(), { once: true });
  };

  const FIELDS =
    'input:not([type="hidden"]):not([hidden]), textarea:not([hidden]), [contenteditable="true"], select';
  // A whole tab is a section too: the field itself is what is meant.
  const fieldOf = (place) =>
    place.querySelector(FIELDS) || place.closest("section")?.querySelector(FIELDS);

  let began = 0;
  let arrived = 0;
  const step = () => {
    const now = performance.now();
    if (acted || now - began > LONGEST_MS || (arrived && now - arrived > SETTLES_MS)) return;
    // Stream blocks are built after the page was read.
    const place = document.querySelector(`[data-contentpath="${wanted[1]}"]`);
    if (place) {
      open(place);
      const field = fieldOf(place);
      if (field && document.activeElement !== field) field.focus({ preventScroll: true });
      if (!arrived && (!field || document.activeElement === field)) {
        arrived = now;
        keepInView(field && place.offsetHeight > window.innerHeight ? field : place);
      }
    }
    window.setTimeout(step, STEP_MS);
  };
  window.addEventListener("load", () => {
    began = performance.now();
    step();
  });
})();
