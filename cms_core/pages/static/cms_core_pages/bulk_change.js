/* Loads the screen of a running change anew every few seconds, as its link does without a script. */
(() => {
  const SECONDS = 3;
  const again = async () => {
    const here = document.getElementById("bulk-change");
    if (!here || !("open" in here.dataset)) return;
    try {
      const answer = await fetch(location.href, { credentials: "same-origin" });
      const text = answer.ok && !answer.redirected ? await answer.text() : "";
      const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("bulk-change");
      if (fresh && !here.contains(document.activeElement)) here.replaceWith(fresh);
      else if (fresh) here.querySelector(".bulk-figures").replaceWith(fresh.querySelector(".bulk-figures"));
      if (fresh && !("open" in fresh.dataset) && here.isConnected) delete here.dataset.open;
    } catch (error) {
      /* The line is down for a moment: the next round tries again. */
    }
    setTimeout(again, SECONDS * 1000);
  };
  setTimeout(again, SECONDS * 1000);
})();
