// The composer: what is typed is kept on the server, a `/` opens the ready replies. Without this, forms do the same.
(() => {
  const keepMs = 800;
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const composer = () => document.getElementById("composer");
  const field = (form) => form?.querySelector("textarea[name=text]");

  // Kept a moment after the last letter, or as the page goes. What comes after the form was sent is refused there.
  let timer;
  let waiting;
  const contentOf = (form) => new URLSearchParams(new FormData(form));
  const rest = () => {
    clearTimeout(timer);
    waiting = undefined;
  };
  const keep = async (form) => {
    rest();
    const state = form.querySelector(".saved");
    const answer = fetch(form.dataset.typed, { method: "POST", body: contentOf(form) });
    const isKept = await answer.then(({ status }) => status === 204, () => false);
    if (!form.isConnected) return;
    state.hidden = isKept && field(form).value.trim() === "";
    state.textContent = isKept ? state.dataset.saved : state.dataset.failed;
  };
  document.addEventListener("input", ({ target }) => {
    const form = target instanceof Element && target.closest("form[data-typed]");
    if (!form || target.type === "search") return;
    clearTimeout(timer);
    waiting = form;
    timer = setTimeout(keep, keepMs, form);
  });
  document.addEventListener("submit", ({ target }) => {
    if (target === waiting) rest();
    else if (waiting) keep(waiting);
  }, true);
  addEventListener("pagehide", () => {
    if (waiting) navigator.sendBeacon(waiting.dataset.typed, contentOf(waiting));
    rest();
  });

  // A text that did not reach the server stays, and says so. Sent again, it acts once.
  const tellUnsent = (isUnsent) => {
    const notice = composer()?.querySelector("[data-unsent]");
    if (notice) notice.hidden = !isUnsent;
  };
  const isOurs = ({ target }) => target instanceof Element && target.closest("#composer") !== null;
  document.addEventListener("htmx:before:request", (event) => isOurs(event) && tellUnsent(false));
  document.addEventListener("htmx:error", (event) => isOurs(event) && tellUnsent(true));
  document.addEventListener("htmx:after:request", (event) => {
    if (isOurs(event) && event.detail.ctx.response.status >= 500) tellUnsent(true);
  });

  // Who begins to write only now has seen what the timeline shows.
  const noteSeen = () => {
    const seen = document.getElementById("latest")?.dataset.seen;
    for (const form of composer()?.querySelectorAll("form[data-typed]") ?? []) {
      if (seen && field(form).value.trim() === "") form.elements.seen.value = seen;
    }
  };

  const selectOpenPlace = (area) => {
    const place = /\{\{[^{}]*\}\}/.exec(area.value);
    if (place) area.setSelectionRange(place.index, place.index + place[0].length);
    return place !== null;
  };
  document.addEventListener("htmx:after:swap", () => {
    noteSeen();
    const area = composer()?.querySelector(".problem") && field(composer());
    if (area && selectOpenPlace(area)) area.focus();
  });

  const picker = () => document.getElementById("canned");
  const search = () => picker()?.querySelector("[type=search]");
  const choices = () => [...picker().querySelectorAll("[data-canned]:not([hidden] *)")];
  const close = () => {
    picker().open = false;
    field(picker().closest("form")).focus();
  };
  const put = (text) => {
    const area = field(picker().closest("form"));
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    close();
    selectOpenPlace(area);
    area.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const filter = () => {
    const words = fold(search().value).split(/\s+/);
    for (const row of picker().querySelectorAll("li")) {
      const text = fold(row.textContent);
      row.hidden = !words.every((word) => text.includes(word));
    }
  };

  // At once, because a toggle is told later than the next letter is typed.
  const open = () => {
    picker().open = true;
    search().hidden = false;
    search().value = "";
    filter();
    search().focus();
  };
  document.addEventListener("toggle", ({ target }) => {
    if (target === picker() && target.open && !target.contains(document.activeElement?.closest("[type=search]"))) {
      open();
    }
  }, true);
  document.addEventListener("input", ({ target }) => target === search() && filter());
  document.addEventListener("beforeinput", (event) => {
    const { target, data } = event;
    if (data !== "/" || !target.closest?.("form[data-typed]")?.contains(picker())) return;
    const isSecond = target === search() && target.value === "";
    const opens = target.name === "text" && /(^|\s)$/.test(target.value.slice(0, target.selectionStart));
    if (!isSecond && !(opens && choices().length > 0)) return;
    event.preventDefault();
    if (isSecond) put("/");
    else open();
  });
  document.addEventListener("click", (event) => {
    const choice = event.target instanceof Element && event.target.closest("[data-canned]");
    if (!choice) return;
    event.preventDefault();
    event.stopPropagation();
    put(choice.querySelector(".excerpt").textContent);
  }, true);
  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (!picker()?.open || !(target instanceof Element) || !picker().contains(target)) return;
    const shown = choices();
    const at = shown.indexOf(target);
    if (key === "Escape") close();
    else if (key === "Enter" && target === search()) shown[0]?.click();
    else if (key === "ArrowDown") shown[Math.min(at + 1, shown.length - 1)]?.focus();
    else if (key === "ArrowUp") (shown[at - 1] ?? search()).focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
})();
