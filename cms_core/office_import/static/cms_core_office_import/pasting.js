/* Pasting into the editor of running text: what holds lists of Word or pictures is mended by the server
   first, and what became of the pictures is said below the editor. Other text is left to the editor. */
(() => {
  const { address, failed } = document.currentScript.dataset;
  const MENDED = /mso-list|<img[\s>]/i;

  const say = (editor, words) => {
    const field = editor.closest("[data-field], .w-field") || editor;
    let told = field.querySelector(":scope > .jy-pasted");
    if (!told) {
      told = document.createElement("p");
      told.className = "jy-pasted help-block help-warning";
      told.setAttribute("role", "status");
      field.append(told);
    }
    told.textContent = words;
    told.hidden = !words;
  };

  const putIn = (editor, html, text) => {
    const data = new DataTransfer();
    data.setData("text/html", html);
    data.setData("text/plain", text);
    const target = editor.querySelector("[contenteditable=true]");
    target.focus();
    target.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  };

  document.addEventListener("paste", async (event) => {
    const editor = event.target.closest && event.target.closest(".DraftEditor-root");
    if (!editor || !event.isTrusted) return;
    const html = event.clipboardData.getData("text/html");
    if (!MENDED.test(html)) {
      say(editor, "");
      return;
    }
    const text = event.clipboardData.getData("text/plain");
    event.preventDefault();
    event.stopImmediatePropagation();
    const sent = new FormData();
    sent.append("markup", html);
    const token = document.querySelector("[name=csrfmiddlewaretoken]");
    let mended = { markup: html, words: failed };
    try {
      const headers = { "X-CSRFToken": token ? token.value : "", Accept: "application/json" };
      const answer = await fetch(address, { method: "POST", body: sent, headers, credentials: "same-origin" });
      if (answer.ok && !answer.redirected) mended = await answer.json();
    } catch (error) {
      /* The line is down: the text is put in as it came. */
    }
    putIn(editor, mended.markup, text);
    say(editor, mended.words);
  }, true);
})();
