/* Reads the main text aloud, paragraph by paragraph, with the voice that the browser has of its own.
   Where there is no voice for the language of the page, no button is shown. */
(function () {
  "use strict";
  var voices = window.speechSynthesis;
  var row = document.querySelector(".read-row");
  var strip = document.querySelector(".reader");
  var main = document.getElementById("main");
  if (!voices || !window.SpeechSynthesisUtterance || !row || !strip || !main) return;

  var language = document.documentElement.lang || "zh-CN";
  /* Browsers fall silent in the middle of what is longer. */
  var longest = 120;
  var blocks = "h1, h2, h3, h4, p, li, dt, dd, td, th, figcaption, caption, summary";
  var start = row.querySelector(".read");
  var pause = strip.querySelector(".reader-pause");
  var stop = strip.querySelector(".reader-stop");
  var rate = strip.querySelector(".reader-rate");
  var state = strip.querySelector(".reader-state");
  /* The words stand in the page, in its language. */
  var words = strip.dataset;
  var pauseWord = pause.textContent;
  var queue = [];
  var place = 0;
  /* Grows when the reading is begun, moved or ended: what an earlier voice reports is not heard. */
  var turn = 0;
  var isPaused = false;

  function voice() {
    var wanted = language.split("-")[0].toLowerCase();
    return voices.getVoices().filter(function (one) {
      return one.lang.replace("_", "-").split("-")[0].toLowerCase() === wanted;
    })[0];
  }

  function offer() {
    row.hidden = !voice();
  }

  function sentences(text) {
    var parts = text.match(/[^。！？；!?;]+[。！？；!?;]*/g) || [];
    return parts.reduce(function (all, part) {
      for (var at = 0; at < part.length; at += longest) all.push(part.slice(at, at + longest));
      return all;
    }, []);
  }

  function isSeen(element) {
    return element.offsetParent !== null && !element.closest("[aria-hidden=true], [hidden], nav, form");
  }

  /* Every block that holds text of its own and no other block, in the order of the page. */
  function collect() {
    queue = [];
    main.querySelectorAll(blocks).forEach(function (element) {
      if (element.querySelector(blocks) || !isSeen(element)) return;
      sentences(element.innerText.replace(/\s+/g, " ").trim()).forEach(function (text) {
        queue.push({ element: element, text: text });
      });
    });
  }

  function mark(element) {
    document.querySelectorAll(".being-read").forEach(function (one) {
      one.classList.remove("being-read");
    });
    if (!element) return;
    element.classList.add("being-read");
    element.scrollIntoView({ block: "center", behavior: "auto" });
  }

  function say() {
    var mine = ++turn;
    voices.cancel();
    if (place >= queue.length) return end(words.done);
    var now = queue[place];
    var spoken = new SpeechSynthesisUtterance(now.text);
    spoken.lang = language;
    spoken.voice = voice() || null;
    spoken.rate = Number(rate.value);
    spoken.onend = spoken.onerror = function () {
      if (mine !== turn) return;
      place += 1;
      say();
    };
    if (!place || queue[place - 1].element !== now.element) mark(now.element);
    voices.speak(spoken);
  }

  function begin() {
    collect();
    if (!queue.length) return;
    place = 0;
    isPaused = false;
    strip.hidden = false;
    pause.textContent = pauseWord;
    state.textContent = words.reading;
    var panel = row.closest("details");
    if (panel) panel.open = false;
    pause.focus();
    say();
  }

  function end(said) {
    var hadFocus = strip.contains(document.activeElement);
    turn += 1;
    voices.cancel();
    mark(null);
    state.textContent = said || "";
    strip.hidden = true;
    if (hadFocus) main.focus();
  }

  start.addEventListener("click", begin);
  stop.addEventListener("click", function () { end(); });
  pause.addEventListener("click", function () {
    isPaused = !isPaused;
    pause.textContent = isPaused ? words.resume : pauseWord;
    state.textContent = isPaused ? words.paused : words.reading;
    /* Stop and say the sentence again: not every browser can go on in the middle of one. */
    turn += 1;
    if (isPaused) voices.cancel();
    else say();
  });
  rate.addEventListener("change", function () { if (!isPaused) say(); });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && !strip.hidden) end();
  });
  addEventListener("pagehide", function () { voices.cancel(); });
  offer();
  if (voices.addEventListener) voices.addEventListener("voiceschanged", offer);
})();
