// Live updates: one stream of "what changed" a page; the regions that show it ask for themselves again.
(() => {
  const minGapMs = 250;
  const tickMs = 60_000;
  const pollMs = 10_000;
  const lastRetryMs = 30_000;

  const state = document.getElementById("connection");
  const announcer = document.getElementById("announcer");
  const regions = () => document.querySelectorAll("[data-live]");
  const list = () => document.getElementById("inbox-list");

  // A region is asked for at once, then at most four times a second, the last change never left out.
  const waiting = new WeakMap();
  const refresh = (region) => {
    const known = waiting.get(region);
    if (known) {
      known.again = true;
      return;
    }
    const mark = { again: false };
    waiting.set(region, mark);
    globalThis.htmx.trigger(region, "live");
    setTimeout(() => {
      waiting.delete(region);
      if (mark.again && region.isConnected) refresh(region);
    }, minGapMs);
  };

  // The list never moves under a pointer, a finger or the focus: rows change in place, the rest waits behind a button.
  const held = new Set();
  const isHeld = (region) =>
    region.scrollTop > 0 || region.matches(":hover") ||
    (region.contains(document.activeElement) && document.activeElement !== region);
  const showHeld = () => {
    const button = document.getElementById("inbox-newer");
    if (!button) return;
    button.hidden = held.size === 0;
    button.textContent = button.dataset.label.replace("#", String(held.size));
  };
  const release = () => {
    held.clear();
    showHeld();
    if (list()) refresh(list());
  };
  const updateRow = (id) => {
    const row = document.getElementById(`row-${id}`);
    if (row) globalThis.htmx.ajax("GET", row.dataset.href, { target: row, swap: "outerMorph" });
    else held.add(id);
    showHeld();
  };

  // A row that finds another place in the list glides there, so that nothing jumps before the eyes.
  const glideMs = 120;
  let places = new Map();
  const rows = () => [...(list()?.querySelectorAll("li[id]") ?? [])];
  const isList = ({ target }) => target instanceof Element && target === list();
  document.addEventListener("htmx:before:swap", (event) => {
    if (isList(event)) places = new Map(rows().map((row) => [row.id, row.offsetTop]));
  });
  document.addEventListener("htmx:after:swap", (event) => {
    if (!isList(event) || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    for (const row of rows()) {
      const by = places.get(row.id) - row.offsetTop;
      if (by) row.animate([{ transform: `translateY(${by}px)` }, { transform: "none" }], glideMs);
    }
  });

  const changed = (id) => {
    for (const region of regions()) {
      const isMine = region.dataset.live === "" || region.dataset.live === id || id === undefined;
      if (!isMine) continue;
      if (region === list() && isHeld(region)) {
        if (id !== undefined) updateRow(id);
      } else refresh(region);
    }
  };

  const show = (name) => {
    if (!state || state.dataset.state === name) return;
    const isFirst = state.dataset.state === "connecting";
    state.dataset.state = name;
    const shown = state.querySelector(`[data-when="${name}"]`);
    const time = shown?.querySelector("time");
    if (time) time.textContent = new Date().toLocaleTimeString(document.documentElement.lang, { timeStyle: "short" });
    if (announcer && !isFirst) announcer.textContent = shown?.textContent ?? "";
  };

  // A lost stream comes back by itself; each time it does, everything shown is read anew, so nothing is missed.
  let source;
  let failures = 0;
  let retry;
  const close = () => {
    clearTimeout(retry);
    source?.close();
    source = undefined;
  };
  const failed = () => {
    failures += 1;
    show(failures < 3 ? "reconnecting" : "offline");
    if (source?.readyState === EventSource.CLOSED) {
      close();
      retry = setTimeout(open, Math.min(lastRetryMs, 500 * 2 ** failures));
    }
  };
  function open() {
    close();
    if (document.hidden) return;
    source = new EventSource(state.dataset.href);
    source.addEventListener("open", () => {
      if (failures > 0 || state.dataset.state !== "connecting") changed();
      failures = 0;
      show("live");
    });
    source.addEventListener("error", failed);
    source.addEventListener("reset", () => changed());
    source.addEventListener("conversation", (event) => changed(JSON.parse(event.data).id));
  }

  // A server that cannot answer is told like a lost stream: what is shown stays, and is asked for until it can.
  const unanswered = new Set();
  document.addEventListener("htmx:after:request", ({ target, detail }) => {
    if (!(target instanceof Element) || target.dataset.live === undefined) return;
    if (detail.ctx.response.status >= 500) unanswered.add(target.id);
    else if (!unanswered.delete(target.id)) return;
    if (unanswered.size > 0) show("offline");
    else if (source?.readyState === EventSource.OPEN) show("live");
  });

  globalThis.addEventListener("offline", () => show("reconnecting"));
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  document.addEventListener("pointerout", () => setTimeout(() => held.size > 0 && !isHeld(list()) && release()));
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element) || event.target.id !== "inbox-newer") return;
    event.preventDefault();
    list().scrollTop = 0;
    release();
  });
  document.addEventListener("DOMContentLoaded", () => {
    if (!state || !globalThis.EventSource) return;
    open();
    // What depends on the time alone, and everything while there is no stream.
    setInterval(() => document.hidden || changed(), tickMs);
    setInterval(() => (failures >= 3 || unanswered.size > 0) && !document.hidden && changed(), pollMs);
  });
})();
