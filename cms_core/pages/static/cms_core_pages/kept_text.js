/* What is being written is kept in this browser, encrypted, until the server has saved it or a day is
   over. The key comes from the server for the person who is signed in, and is never stored here. */
(() => {
  "use strict";
  const own = document.currentScript;
  const words = JSON.parse(own.dataset.words);
  const PREFIX = "jy-kept:";
  const DAY = 24 * 60 * 60 * 1000;
  const EVERY = 1500;
  const SKIPPED = /^(csrfmiddlewaretoken|next|overwrite_revision_id|action-.*)$/;
  const store = window.localStorage;

  // Nothing is kept for longer than a day, whoever looks in first.
  for (const name of Object.keys(store)) {
    if (!name.startsWith(PREFIX)) continue;
    let at = 0;
    try { at = JSON.parse(store.getItem(name)).at; } catch { at = 0; }
    if (!(Date.now() - at < DAY)) store.removeItem(name);
  }

  const sent = sessionStorage.getItem("jy-sent");
  const wasSaved = sent && document.querySelector(".messages .success");
  if (wasSaved) { store.removeItem(sent); sessionStorage.removeItem("jy-sent"); }

  const form = document.querySelector("form[data-edit-form]");
  if (!form || !window.crypto || !crypto.subtle) return;
  let address = "";       // for each person of their own: nobody writes over what another left here
  let access = null;      // what the server gave: person, day, keys, token
  let kept = null;        // the state of the form that is kept
  let begun = null;       // the state of the form that the server drew
  let passing = false;
  let touched = false;    // by a person: editors of Wagtail change fields while they start

  const state = () => JSON.stringify(
    [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !SKIPPED.test(name)));
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const text64 = (buffer) => {
    let out = "";
    for (const byte of new Uint8Array(buffer)) out += String.fromCharCode(byte);
    return btoa(out);
  };
  const keyOf = (day) => crypto.subtle.importKey("raw", bytes(access.keys[day]), "AES-GCM", false, ["encrypt", "decrypt"]);

  /* "ok", "over" (nobody is signed in), "other" (somebody else is), "away" (no answer). */
  async function ask() {
    let answer;
    try {
      answer = await fetch(own.dataset.keys, { redirect: "manual", cache: "no-store", headers: { "X-Requested-With": "XMLHttpRequest" } });
    } catch { return "away"; }
    if (answer.status >= 500) return "away";
    if (!answer.ok) return "over";
    const found = await answer.json();
    if (access && access.person !== found.person) return "other";
    access = found;
    address = `${PREFIX}${found.person}:${location.pathname}`;
    // A form that was drawn before a new sign-in carries an old token.
    for (const field of form.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = found.token;
    return "ok";
  }

  async function keep() {
    const now = state();
    if (!access || !touched || now === kept) return;
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await keyOf(access.day), new TextEncoder().encode(now));
    try {
      store.setItem(address, JSON.stringify({ at: Date.now(), day: access.day, iv: text64(iv), text: text64(sealed) }));
      kept = now;
    } catch { /* no room: the page works as without this */ }
  }

  async function opened() {
    try {
      const found = JSON.parse(store.getItem(address));
      const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes(found.iv) }, await keyOf(found.day), bytes(found.text));
      return { at: new Date(found.at), fields: JSON.parse(new TextDecoder().decode(plain)) };
    } catch { return null; }  // nothing there, or somebody else's
  }

  function tell(saying, buttons) {
    document.getElementById("jy-kept")?.remove();
    const box = document.createElement("div");
    box.id = "jy-kept";
    box.setAttribute("role", "alert");
    const line = document.createElement("p");
    line.textContent = saying;
    box.append(line);
    for (const [label, act] of buttons) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button button-small";
      button.textContent = label;
      button.addEventListener("click", act);
      box.append(button, " ");
    }
    (document.querySelector("main") || document.body).prepend(box);
    box.scrollIntoView({ block: "nearest" });
    box.querySelector("button")?.focus();
  }

  function leave() {
    window.addEventListener("w-unsaved:confirm", (event) => event.preventDefault(), { once: true });
    location.assign(location.pathname);
  }

  function tellOver(how) {
    if (how === "over") tell(words.over, [[words.signIn, leave]]);
    else if (how === "other") tell(words.other, [[words.signIn, leave]]);
    else tell(words.away, []);
  }

  function putBack(fields) {
    const again = document.createElement("form");
    again.method = "post";
    again.action = form.action;
    again.hidden = true;
    for (const [name, value] of [...fields, ["csrfmiddlewaretoken", access.token]]) {
      const field = document.createElement("textarea");
      field.name = name;
      field.value = value;
      again.append(field);
    }
    document.body.append(again);
    window.addEventListener("w-unsaved:confirm", (event) => event.preventDefault(), { once: true });
    sessionStorage.setItem("jy-sent", address);
    passing = true;
    again.submit();
  }

  function offer(found) {
    const shown = new Map(found.fields);
    const say = words.offer.replace("{at}", found.at.toLocaleString(document.documentElement.lang || "zh-CN", { hour12: false }));
    const title = shown.get("title") || "";
    tell(title ? `${say}「${title}」` : say, [
      [words.put, () => putBack(found.fields)],
      [words.drop, () => { store.removeItem(address); document.getElementById("jy-kept").remove(); watch(); }],
    ]);
  }

  for (const kind of ["keydown", "pointerdown", "input", "paste", "drop"]) {
    form.addEventListener(kind, (event) => { touched = touched || event.isTrusted; }, true);
  }

  let watching = false;
  function watch() {
    if (watching) return;
    watching = true;
    setInterval(() => { if (!passing && state() !== begun) keep(); }, EVERY);
  }

  document.addEventListener("w-autosave:success", () => {
    store.removeItem(address);  // of a new page: the address it had before its first save
    address = access ? `${PREFIX}${access.person}:${location.pathname}` : "";
    store.removeItem(address);
    document.getElementById("jy-kept")?.remove();
    begun = kept = state();
  });
  document.addEventListener("w-autosave:error", async () => {
    await keep();
    const how = await ask();
    if (how !== "ok") tellOver(how);
  });
  // First of all listeners: the text is kept, and the session is there, before anything is sent.
  document.addEventListener("submit", async (event) => {
    if (event.target !== form || passing) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const submitter = event.submitter;
    await keep();
    const how = await ask();
    if (how !== "ok") {
      // Wagtail's button shows that it works, and would go on doing so.
      for (const button of form.querySelectorAll("[data-controller~=w-progress]")) button.disabled = false;
      tellOver(how);
      return;
    }
    sessionStorage.setItem("jy-sent", address);
    passing = true;
    // Wagtail has switched the button off meanwhile: what it asks for (publish, submit) would not be sent.
    const isOff = Boolean(submitter?.disabled);
    if (isOff) submitter.disabled = false;
    form.requestSubmit(submitter);
    if (isOff) submitter.disabled = true;
    passing = false;
  }, true);

  ask().then(async (how) => {
    if (how !== "ok") return;
    begun = state();
    const found = await opened();
    // The answer to one's own save shows the text in its form already, beside what is wrong with it.
    const isAnswer = document.querySelector(".messages .error") && new URL(document.referrer || "about:blank").pathname === location.pathname;
    if (found && !isAnswer) offer(found);
    else watch();
  });
})();
