// Keys: each presses what carries it as data-key. Never while somebody types, and only while they are switched on.
(() => {
  const chordMs = 1_500;
  const place = "moca.keys";
  const sheet = document.getElementById("keys");
  if (!sheet) return;

  const isOn = () => localStorage.getItem(place) !== "off";
  const isField = (element) =>
    element.matches("textarea, select, input:not([type=checkbox], [type=radio]), [contenteditable]");

  const press = (key) => {
    const found = [...document.querySelectorAll("[data-key]")].findLast(({ dataset }) => dataset.key === key);
    if (!found) return false;
    // What is done to ticked rows is done to the row that has the focus when none is.
    if (found.form?.id === "bulk" && !document.querySelector(".pick :checked") && !tick()) return false;
    if (isField(found)) found.closest("details")?.setAttribute("open", "");
    found.focus();
    if (!isField(found)) found.click();
    if (found.type === "radio") found.form.querySelector("textarea").focus();
    return true;
  };

  // Through the rows of a list; beside an open conversation, straight to the next one.
  const step = (by) => {
    const rows = [...document.querySelectorAll("[data-step]")];
    const focused = rows.indexOf(document.activeElement);
    const from = focused < 0 ? rows.findIndex((row) => row.getAttribute("aria-current") === "true") : focused;
    const row = from < 0 ? rows[0] : rows[from + by];
    row?.focus();
    if (document.getElementById("thread-head")) row?.click();
    return row !== undefined;
  };

  // Of a list, the row that has the focus.
  const tick = () => {
    const row = document.activeElement;
    const box = row?.matches("input[type=checkbox]") ? row : row?.closest("li, tr")?.querySelector(".pick input");
    box?.click();
    return box !== undefined && box !== null;
  };

  const leave = () => document.getElementById("main").focus({ preventScroll: true });

  let chordUntil = 0;
  const act = ({ key, repeat, timeStamp }) => {
    const isSecond = timeStamp < chordUntil;
    chordUntil = 0;
    if (isSecond) return press(`g ${key}`);
    if (key === "j" || key === "k") return step(key === "j" ? 1 : -1);
    if (repeat) return false;
    if (key === "g") chordUntil = timeStamp + chordMs;
    return key === "x" ? tick() : press(key);
  };

  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    if (!isOn() || !(target instanceof Element)) return;
    if (sheet.open) return key === "?" && sheet.close();
    if (!isField(target)) return act(event) && event.preventDefault();
    if (key === "Escape") leave();
  });

  for (const toggle of document.querySelectorAll("[data-keys-on]")) {
    toggle.checked = isOn();
    toggle.addEventListener("change", () => localStorage.setItem(place, toggle.checked ? "on" : "off"));
  }
  document.getElementById("keys-open").addEventListener("click", () => sheet.showModal());
})();
