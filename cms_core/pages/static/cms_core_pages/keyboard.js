/* What Wagtail's own controls leave undone for people without a mouse. */
(() => {
  "use strict";

  // -- calendars that stay open ------------------------------------------------------------------------
  // The calendar of a date field opens a moment after the focus came in. Whoever holds Tab down is gone by
  // then, and it stays over other fields with no key to close it: close each whose field the focus left.

  // It opens 100 ms after the focus came.
  const OPENED_AFTER_MS = 250;
  let waiting = 0;

  const closeCalendars = () => {
    const query = window.jQuery;
    if (!query) return;
    for (const calendar of document.querySelectorAll(".xdsoft_datetimepicker")) {
      const field = query(calendar).data("input");
      const focused = document.activeElement;
      if (calendar.offsetParent === null || calendar.contains(focused)) continue;
      if (field && field[0] !== focused) query(calendar).trigger("close.xdsoft");
    }
  };
  document.addEventListener("focusin", () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(closeCalendars, OPENED_AFTER_MS);
  });

  // -- menus closed by Escape --------------------------------------------------------------------------
  // The focus stood on an entry that is gone: it goes back to the button that opened the menu.

  const CLOSED_AFTER_MS = 50;

  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape" || !(event.target instanceof Element)) return;
      const menu = event.target.closest("[data-tippy-root]");
      const opened = menu && menu._tippy;
      if (!opened) return;
      const { reference } = opened;
      const toggle = reference.matches("a, button") ? reference : reference.querySelector("a, button");
      window.setTimeout(() => {
        if (toggle && !opened.state.isVisible) toggle.focus();
      }, CLOSED_AFTER_MS);
    },
    true,
  );
})();
