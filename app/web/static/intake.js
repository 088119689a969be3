// Selecting words in the report's text puts them into the form that adds an item. The page works without this file.
(() => {
  "use strict";

  const original = document.querySelector(".original");
  const pick = document.getElementById("pick");
  if (!original || !pick) { return; }
  const words = pick.querySelector("[name=words]");
  const near = pick.querySelector("[name=near]");

  original.addEventListener("pointerup", () => setTimeout(take));
  original.addEventListener("keyup", take);

  function take() {
    const selection = document.getSelection();
    if (!selection.rangeCount || selection.isCollapsed) { return; }
    const range = selection.getRangeAt(0);
    if (!original.contains(range.commonAncestorContainer)) { return; }
    const before = document.createRange();
    before.setStart(original, 0);
    before.setEnd(range.startContainer, range.startOffset);
    words.value = range.toString().trim();
    near.value = [...before.toString()].length;  // counted in characters, as the server counts
    pick.open = true;
  }

  // Typed words have no place.
  words.addEventListener("input", () => { near.value = ""; });
})();

// The officer is proposed from the unit that is chosen in the same row.
(() => {
  "use strict";

  const form = document.querySelector("form.issue");
  if (!form) { return; }
  const usual = JSON.parse(form.dataset.officers);

  form.addEventListener("change", ({ target }) => {
    if (!target.name.endsWith("lead_unit_id")) { return; }
    const own = form.elements[target.name.replace("lead_unit_id", "officer_id")];
    if (own) { own.value = usual[target.value] || ""; }  // the shared unit names nobody: its head does, as without scripts
  });
})();
