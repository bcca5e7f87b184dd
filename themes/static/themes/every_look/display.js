/* Spares the reload when a display mode is switched. Without this script the same buttons
   submit a form, and the style sheet of fixed address (#modes) carries the choice. */
(function () {
  "use strict";
  var root = document.documentElement;
  var values = { text: "large", contrast: "high" };

  function chosen() {
    var match = /(?:^|; )jiyue_modes=([a-z.]*)/.exec(document.cookie);
    return match ? match[1].split(".") : [];
  }

  function show(names) {
    Object.keys(values).forEach(function (mode) {
      var on = names.indexOf(mode) !== -1;
      if (on) root.setAttribute("data-" + mode, values[mode]);
      else root.removeAttribute("data-" + mode);
      document.querySelectorAll("button[value=" + mode + "]").forEach(function (button) {
        button.setAttribute("aria-pressed", String(on));
      });
    });
  }

  function remember(names) {
    var value = names.filter(Boolean).join(".");
    document.cookie = "jiyue_modes=" + value + ";path=/;samesite=lax;max-age=" +
      (value ? 31536000 : 0) + (location.protocol === "https:" ? ";secure" : "");
  }

  /* From here on the attributes carry the modes; mourning is the server's own. */
  if (getComputedStyle(root).getPropertyValue("--mourning").trim()) {
    root.setAttribute("data-mourning", "");
  }
  var names = chosen();
  show(names);
  var sheet = document.getElementById("modes");
  if (sheet) sheet.disabled = true;

  document.querySelectorAll("button[name=toggle]").forEach(function (button) {
    button.addEventListener("click", function (event) {
      event.preventDefault();
      var at = names.indexOf(button.value);
      if (at === -1) names.push(button.value);
      else names.splice(at, 1);
      remember(names);
      show(names);
    });
  });
  addEventListener("pageshow", function (event) {
    if (event.persisted) show(names = chosen());
  });
})();
