// Several files at once: each is said what it is, with its kind proposed from its name. Without this file one answer holds for all.
(() => {
  "use strict";

  const all = document.querySelector("[data-each]");
  const input = document.getElementById("f-file");
  if (!all || !input) { return; }
  const kinds = [
    ["photo", /照片|\.(jpe?g|png|heic)$/i],
    ["meeting", /会议|通知|纪要|签到|培训|通报/],
    ["register", /台账|清单|登记|一览|汇总|统计/],
    ["case", /案卷|卷宗|笔录|决定书|回证|文书/],
    ["rule", /办法|制度|规定|规程|细则|规则|规范|基准|指引/],
  ];
  all.hidden = true;

  input.addEventListener("change", () => {
    document.querySelectorAll(".piece.chosen").forEach((old) => old.remove());
    const done = document.querySelectorAll("[name=finish]:checked");
    [...input.files].forEach((file, number) => {
      const one = all.cloneNode(true);
      one.hidden = false;
      one.classList.add("chosen");
      one.removeAttribute("data-each");
      one.querySelector("legend").textContent = file.name;
      for (const part of one.querySelectorAll("[name], [id], [for]")) {
        for (const attribute of ["name", "id", "for", "aria-describedby"]) {
          const held = part.getAttribute(attribute);
          if (held) { part.setAttribute(attribute, held.replace(all.dataset.each, `file${number}.`)); }
        }
      }
      const kind = one.querySelector("select[name$='.kind']");
      const found = kinds.find(([, words]) => words.test(file.name));
      if (!kind.value && found) { kind.value = found[0]; }
      if (done.length === 1) {
        const proves = one.querySelector(`[name$='.proves'][value="${done[0].value}"]`);
        if (proves) { proves.checked = true; }
      }
      all.before(one);
    });
  });
})();
