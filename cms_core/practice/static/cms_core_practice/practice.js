// Tells whoever is writing in the practice site that it is about to be reset, and that it was.
"use strict";
(() => {
  const strip = document.querySelector("[data-practice]");
  if (!strip) return;
  const text = strip.querySelector("[data-practice-text]");
  const resetAt = new Date(strip.dataset.resetAt).getTime();
  const LAST_MINUTES = [15, 5, 1];
  let told = Infinity;
  const look = () => {
    const minutes = Math.ceil((resetAt - Date.now()) / 60000);
    if (minutes <= 0) {
      text.textContent = strip.dataset.over;
      strip.classList.add("is-over");
      window.clearInterval(timer);
      return;
    }
    const step = LAST_MINUTES.filter((each) => minutes <= each).pop();
    if (step !== undefined && step < told) {
      told = step;
      text.textContent = strip.dataset.soon.replace("[minutes]", String(minutes));
    }
  };
  const timer = window.setInterval(look, 10000);
  look();
})();
