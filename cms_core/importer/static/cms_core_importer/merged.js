// Ticks all rows of a list at once. Without script each is ticked by itself.
for (const all of document.querySelectorAll("[data-all]")) {
  const rows = [...document.querySelectorAll(`input[type="checkbox"][name="${all.dataset.all}"]`)];
  const look = () => {
    const ticked = rows.filter((row) => row.checked).length;
    all.checked = ticked === rows.length;
    all.indeterminate = ticked > 0 && ticked < rows.length;
  };
  all.closest("[hidden]").hidden = false;
  all.addEventListener("change", () => rows.forEach((row) => { row.checked = all.checked; }));
  rows.forEach((row) => row.addEventListener("change", look));
  look();
}
