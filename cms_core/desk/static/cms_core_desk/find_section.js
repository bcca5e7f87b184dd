/* Filters the sections to write in while one types; without script the same box is a search form. */
"use strict";
(() => {
  const box = document.getElementById("jy-section");
  const said = document.getElementById("jy-found");
  const list = document.querySelector(".jy-tree");
  // After a search without script the list is no longer whole: the form goes on as it is.
  if (!box || !said || !list || box.value) return;
  const hint = said.textContent;
  const lines = Array.from(list.children, (item) => ({ item, path: item.dataset.path.toLowerCase() }));
  const shown = () => lines.filter(({ item }) => !item.hidden);

  const filter = () => {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const { item, path } of lines) item.hidden = !words.every((word) => path.includes(word));
    list.classList.toggle("jy-flat", words.length > 0);
    if (!words.length) said.textContent = hint;
    else if (!shown().length) said.textContent = said.dataset.none;
    else said.textContent = said.dataset.some.replace("{n}", shown().length).replace("{all}", lines.length);
  };
  box.addEventListener("input", filter);
  box.form.addEventListener("submit", (event) => {
    event.preventDefault();
    filter();
    const first = box.value.trim() && shown()[0];
    if (first) first.item.querySelector("a").focus();
  });
  // A browser that comes back to this screen has kept what was typed.
  window.addEventListener("pageshow", filter);
})();
