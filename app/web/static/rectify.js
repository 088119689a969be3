// Small helps only: every page works without this file.
(() => {
  "use strict";

  // A form is sent once, even by a double click.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    setTimeout(() => { delete form.dataset.sent; }, 5000);
  });

  // Filters act as soon as something is chosen.
  for (const form of document.querySelectorAll("form.filters")) {
    for (const select of form.querySelectorAll("select")) {
      select.addEventListener("change", () => form.requestSubmit());
    }
  }

  // Printing needs a script; without one the button is not there and the browser's own menu is.
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  // A date is said in words beside its field, which a browser shows in its own language's order.
  const sayDay = (field) => {
    const said = document.querySelector(`output[for="${field.id}"]`);
    const day = field.valueAsDate;
    if (said) {
      said.textContent = day ? `${day.getUTCFullYear()}年${day.getUTCMonth() + 1}月${day.getUTCDate()}日 周${"日一二三四五六"[day.getUTCDay()]}` : "";
    }
  };
  document.querySelectorAll("input[type=date]").forEach(sayDay);
  document.addEventListener("input", ({ target }) => { if (target.type === "date") { sayDay(target); } });

  // Down and up a list by j and k; Enter opens what is in focus, as everywhere.
  const lines = [...document.querySelectorAll(".lines .task")];
  document.addEventListener("keydown", (event) => {
    const step = { j: 1, k: -1 }[event.key];
    const types = event.target.closest("input, select, textarea");
    if (!step || types || event.ctrlKey || event.altKey || event.metaKey) { return; }
    const next = lines.indexOf(document.activeElement) + step;
    const line = lines[next] || lines[step > 0 ? 0 : lines.length - 1];
    if (line) { line.focus(); }
  });

  // A list goes to the clipboard at once; without scripts its address shows the text.
  for (const link of document.querySelectorAll("[data-copy]")) {
    link.addEventListener("click", async (event) => {
      event.preventDefault();
      const field = document.createElement("textarea");
      field.value = await (await fetch(link.href)).text();
      document.body.append(field);
      field.select();
      const isCopied = document.execCommand("copy"); // The clipboard's own interface is closed to plain http.
      field.remove();
      if (isCopied) { link.textContent = "已复制"; } else { location.assign(link.href); }
    });
  }

  // After a refusal, begin at the first field that is wrong.
  const wrong = document.querySelector("[aria-invalid=true]");
  if (wrong) { wrong.focus(); }
})();
