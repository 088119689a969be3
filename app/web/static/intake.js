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
