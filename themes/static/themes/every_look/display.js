/* Spares the reload when a display mode is switched, and puts real text into the emergency bar.
   Without this script the same buttons submit a form, and the style sheet of fixed address (#modes)
   carries the choice, mourning and the bar. */
(function () {
  "use strict";
  var root = document.documentElement;
  var values = { text: "large", contrast: "high", plain: "on", pointer: "large" };
  var largest = 3;
  var names = [];

  function chosen() {
    var match = /(?:^|; )jiyue_modes=([a-z0-9.]*)/.exec(document.cookie);
    return match ? match[1].split(".") : [];
  }

  function size() {
    var found = names.filter(function (name) { return /^zoom[1-3]$/.test(name); });
    return found.length === 1 ? Number(found[0].slice(4)) : 0;
  }

  function resize(step) {
    names = names.filter(function (name) { return !/^zoom/.test(name); });
    if (step) names.push("zoom" + step);
  }

  function show() {
    Object.keys(values).forEach(function (mode) {
      var on = names.indexOf(mode) !== -1;
      if (on) root.setAttribute("data-" + mode, values[mode]);
      else root.removeAttribute("data-" + mode);
      document.querySelectorAll("button[value=" + mode + "]").forEach(function (button) {
        button.setAttribute("aria-pressed", String(on));
      });
    });
    if (size()) root.setAttribute("data-zoom", "x" + size());
    else root.removeAttribute("data-zoom");
  }

  function remember() {
    var value = names.filter(Boolean).join(".");
    document.cookie = "jiyue_modes=" + value + ";path=/;samesite=lax;max-age=" +
      (value ? 31536000 : 0) + (location.protocol === "https:" ? ";secure" : "");
  }

  function flip(name) {
    var at = names.indexOf(name);
    if (name === "reset") names = [];
    else if (name === "larger") resize(Math.min(largest, size() + 1));
    else if (name === "smaller") resize(Math.max(0, size() - 1));
    else if (at === -1) names.push(name);
    else names.splice(at, 1);
  }

  function property(name) {
    return getComputedStyle(root).getPropertyValue(name).trim();
  }

  /* A CSS string as it stands in the sheet: "…" with \22 and the like for a few characters. */
  function plain(text) {
    return text.replace(/^"|"$/g, "").replace(/\\([0-9a-f]+) /g, function (all, code) {
      return String.fromCodePoint(parseInt(code, 16));
    });
  }

  /* What the server says of all readers moves from the sheet to attributes, and the sheet goes:
     otherwise a mode that it carries could not be switched off. */
  function take(sheet) {
    var headline = plain(property("--emergency"));
    root.toggleAttribute("data-mourning", Boolean(property("--mourning")));
    root.toggleAttribute("data-emergency", Boolean(headline));
    document.querySelectorAll(".alarm-text").forEach(function (place) {
      /* Put in after the bar is shown: a live region is read out when its text changes. */
      if (place.textContent !== headline) place.textContent = headline;
    });
    sheet.disabled = true;
  }

  var sheet = document.getElementById("modes");
  if (sheet) take(sheet);
  names = chosen();
  show();

  document.querySelectorAll("button[name=toggle]").forEach(function (button) {
    button.addEventListener("click", function (event) {
      event.preventDefault();
      flip(button.value);
      remember();
      show();
    });
  });

  /* A page that comes back from the browser's memory, or to the front after a while, asks anew what is
     in force: the same file, which the server answers with three bytes while nothing has changed. */
  var asked = Date.now();
  function askAnew() {
    if (!sheet || Date.now() - asked < 5000) return;
    asked = Date.now();
    var fresh = document.createElement("link");
    fresh.rel = "stylesheet";
    fresh.href = sheet.href;
    fresh.addEventListener("load", function () {
      root.removeAttribute("data-mourning");
      root.removeAttribute("data-emergency");
      take(fresh);
      fresh.remove();
    });
    fresh.addEventListener("error", function () { fresh.remove(); });
    document.head.appendChild(fresh);
  }
  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "visible") askAnew();
  });
  addEventListener("pageshow", function (event) {
    if (!event.persisted) return;
    names = chosen();
    show();
    askAnew();
  });

  /* Escape closes an open panel of the toolbar and gives the focus back to what opened it. */
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    var open = event.target.closest && event.target.closest("details[open]");
    if (!open || !open.closest(".bar")) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
})();
