// The little that pages do in the browser: htmx does the rest. Everything works without it.
(() => {
  const atBottom = (region) => region.scrollHeight - region.scrollTop - region.clientHeight < 48;
  const toBottom = (region) => {
    region.scrollTop = region.scrollHeight;
  };
  const sticky = () => document.querySelectorAll("[data-stick]");

  // A region that shows its newest line goes on showing the newest line.
  const followed = new Set();
  let focused;
  // Earlier messages come in above what is read: counted from below, that stays where it is. By request: others come between.
  const fromBelow = new WeakMap();
  const newerLink = () => document.getElementById("newer");
  const entries = () => [...document.querySelectorAll("#timeline .entry")];
  const stuck = () => [...document.querySelectorAll("#timeline .entry:is(.failed, .held, .expired)")];
  let known = new Set();
  let knownStuck = new Set();
  let missed = 0;
  const remember = () => {
    known = new Set(entries().map(({ id }) => id));
    knownStuck = new Set(stuck().map(({ id }) => id));
  };
  const tellNew = (follows) => {
    const fresh = entries().filter(({ id }) => !known.has(id));
    const trouble = stuck().find(({ id }) => !knownStuck.has(id));
    const words = trouble && [...trouble.querySelectorAll(".delivery > :is(.chip, .reason)")];
    if (words) document.getElementById("alarm").textContent = words.map((word) => word.textContent.trim()).join(": ");
    remember();
    const log = document.getElementById("log");
    for (const { textContent } of fresh.map((entry) => entry.querySelector(".bubble")).filter(Boolean)) {
      const line = document.createElement("p");
      line.textContent = textContent.replace(/\s+/g, " ").trim();
      log?.append(line);
    }
    const isContacts = fresh.filter((entry) => entry.classList.contains("contact"));
    missed = follows ? 0 : missed + isContacts.length;
    showMissed();
  };
  const keepFromBelow = (height) => {
    const timeline = document.getElementById("timeline");
    timeline.scrollTop = timeline.scrollHeight - height;
    remember();
  };
  const showMissed = () => {
    const link = newerLink();
    if (!link) return;
    link.hidden = missed === 0;
    link.textContent = link.dataset.label.replace("#", String(missed));
  };
  document.addEventListener("htmx:before:swap", (event) => {
    if (event.target instanceof Element && event.target.closest("#composer")) followed.add("timeline");
    for (const region of sticky()) if (atBottom(region)) followed.add(region.id);
    focused = document.activeElement;
    if (event.target.id !== "earlier") return;
    const { scrollHeight, scrollTop } = document.getElementById("timeline");
    fromBelow.set(event.detail.ctx, scrollHeight - scrollTop);
  });
  document.addEventListener("htmx:after:swap", ({ detail }) => {
    for (const region of sticky()) if (followed.has(region.id)) toBottom(region);
    const height = fromBelow.get(detail.ctx);
    if (height === undefined) tellNew(followed.has("timeline"));
    else keepFromBelow(height);
    followed.clear();
    const lost = document.activeElement === null || document.activeElement === document.body;
    if (lost && focused && focused !== document.body) {
      (document.getElementById(focused.id) ?? document.getElementById("main")).focus({ preventScroll: true });
    }
    countAll();
  });

  // How much of Instagram's 1,000 bytes a text takes, from four fifths on.
  const encoder = new TextEncoder();
  const count = (field) => {
    const limit = Number(field.dataset.bytes);
    const output = field.form?.querySelector("output.bytes");
    if (!output) return;
    const bytes = encoder.encode(field.value).length;
    output.textContent = bytes >= limit * 0.8 ? `${bytes} / ${limit}` : "";
    output.classList.toggle("over", bytes > limit);
  };
  const countAll = () => document.querySelectorAll("[data-bytes]").forEach(count);
  document.addEventListener("input", (event) => {
    if (event.target instanceof HTMLTextAreaElement && event.target.dataset.bytes) count(event.target);
  });

  // The server shows times in the zone that this device is in.
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  if (timeZone && !document.cookie.split("; ").includes(`moca_zone=${timeZone}`)) {
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `moca_zone=${timeZone}; path=/admin; samesite=lax; max-age=31536000${secure}`;
  }

  // Where somebody wants it so, Enter alone sends, but not on touch screens: there it is the only way to a new line.
  document.addEventListener("keydown", (event) => {
    const { key, target, shiftKey, isComposing } = event;
    if (key !== "Enter" || shiftKey || isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.body.dataset.enter !== "sends" || matchMedia("(pointer: coarse)").matches) return;
    if (!target.matches("#composer textarea[name=text]")) return;
    event.preventDefault();
    target.form.requestSubmit();
  });

  // Ctrl+Enter or Cmd+Enter sends what is being written; with Shift, it is done then and the next one comes.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    const { target } = event;
    const { form } = target;
    const isMeant = target instanceof HTMLTextAreaElement || form?.dataset.guard !== undefined;
    if (isMeant) form?.requestSubmit(event.shiftKey ? form.elements.then : undefined);
  });

  // What was searched for while it was typed is there already: Enter opens the first of it.
  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (key !== "Enter" || !target.matches?.(".list-pane input[name=q]") || target.value.trim() === "") return;
    const isShown = document.getElementById("inbox-tabs").dataset.q === target.value.trim();
    const first = isShown && document.querySelector("#inbox-list .row");
    if (!first) return;
    event.preventDefault();
    first.click();
  });

  // A secret that is typed can be looked at.
  for (const tick of document.querySelectorAll("[data-reveal]")) {
    tick.closest("label").hidden = false;
    tick.addEventListener("change", () => {
      document.getElementById(tick.dataset.reveal).type = tick.checked ? "text" : "password";
    });
  }

  // Who leaves a form with something typed into it that was not saved is asked first.
  let unsaved = document.querySelector("[data-guard=changed]");
  document.addEventListener("input", ({ target }) => {
    unsaved = target.closest?.("[data-guard]") ?? unsaved;
  });
  document.addEventListener("submit", ({ target }) => {
    if (target === unsaved) unsaved = null;
  });
  addEventListener("beforeunload", (event) => unsaved?.isConnected && event.preventDefault());

  // On a phone the way to the newest line would scroll the whole conversation out of sight with it.
  const keepInSight = () => {
    if (location.hash !== "#latest") return;
    for (const around of [document.documentElement, document.querySelector(".panes.three")]) around?.scrollTo(0, 0);
  };
  addEventListener("load", () => {
    keepInSight();
    sticky().forEach(toBottom);
    // A live region speaks of what changes in it, not of what a page comes with.
    const news = document.querySelector("[data-announce]");
    if (news) document.getElementById("announcer").textContent = news.textContent;
  });

  document.addEventListener("DOMContentLoaded", () => {
    keepInSight();
    sticky().forEach(toBottom);
    remember();
    document.getElementById("timeline")?.addEventListener("scroll", ({ target }) => {
      if (missed === 0 || !atBottom(target)) return;
      missed = 0;
      showMissed();
    }, { passive: true });
    countAll();
    document.querySelector("[data-focus]")?.focus({ preventScroll: true });
  });
})();
