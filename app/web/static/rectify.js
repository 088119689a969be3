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
      said.textContent = day ? `${day.getUTCMonth() + 1}月${day.getUTCDate()}日 周${"日一二三四五六"[day.getUTCDay()]}` : "";
    }
  };
  document.querySelectorAll("input[type=date]").forEach(sayDay);
  document.addEventListener("input", ({ target }) => { if (target.type === "date") { sayDay(target); } });

  // After a refusal, begin at the first field that is wrong.
  const wrong = document.querySelector("[aria-invalid=true]");
  if (wrong) { wrong.focus(); }
})();
