import { type Child, html, type VNode } from "@views/html.ts";
import { chip } from "@views/parts/chip.ts";
import { csrfField } from "@views/parts/form.ts";
import { clockSeconds, time } from "@views/parts/time.ts";
import type { Ui } from "@views/ui.ts";

/** What the contact can do besides writing a text. */
export const simulatorEvents = [
  "image",
  "voice",
  "storyReply",
  "storyMention",
  "reaction",
  "postback",
  "unsend",
  "unsupported",
  "seen",
] as const;
export type SimulatorEvent = typeof simulatorEvents[number];

/** What can go wrong: with the next answer, then with the webhook of what the contact does next. */
export const simulatorFaults = [
  "http429",
  "serverError",
  "timeout",
  "timeoutApplied",
  "windowClosed",
  "tokenExpired",
  "duplicate",
  "outOfOrder",
] as const;
export type SimulatorFault = typeof simulatorFaults[number];

/** What was ordered to go wrong, and what did. */
export interface FaultsData {
  readonly armed: readonly SimulatorFault[];
  /** Oldest first. */
  readonly mishaps: readonly { readonly fault: SimulatorFault; readonly at: Date }[];
  /** A message waits until the next one has overtaken it. */
  readonly isHolding: boolean;
}

/** Everything but a single text; `action` is where the forms go. */
export function simulatorTools(ui: Ui, action: string, faults: FaultsData): Child {
  return [burstForm(ui, action), eventForm(ui, action), faultsForm(ui, action, faults)] as Child;
}

function burstForm(ui: Ui, action: string): VNode {
  const { t } = ui;
  return html`
    <form method="post" action=${`${action}/burst`} class="card stack">
      ${csrfField(ui)}
      <label for="burst">${t("simulator.burst")}</label>
      <textarea id="burst" name="texts" rows="3" required dir="auto" aria-describedby="burst-hint"></textarea>
      <p id="burst-hint" class="hint">${t("simulator.burst.hint")}</p>
      <div class="row-form">
        <label>${t(
          "simulator.burst.seconds",
        )} <input name="seconds" type="number" min="0" max="60" step="0.5" value="1" inputmode="decimal" /></label>
        <button class="button">${t("simulator.burst.send")}</button>
      </div>
    </form>
  `;
}

function eventForm(ui: Ui, action: string): VNode {
  const { t } = ui;
  return html`
    <form method="post" action=${`${action}/event`} class="card stack">
      ${csrfField(ui)}
      <label for="event">${t("simulator.event")}</label>
      <div class="row-form">
        <select id="event" name="event">${simulatorEvents.map((event) =>
          html`<option value=${event}>${t(`simulator.event.${event}`)}</option>`
        )}</select>
        <button class="button">${t("simulator.event.send")}</button>
      </div>
    </form>
  `;
}

function faultsForm(ui: Ui, action: string, { armed }: FaultsData): VNode {
  const { t } = ui;
  return html`
    <form method="post" action=${`${action}/faults`} class="card stack">
      ${csrfField(ui)}
      <fieldset>
        <legend>${t("simulator.faults")}</legend>
        ${simulatorFaults.map((fault) =>
          html`
            <label
              class="tick"><input type="checkbox" name="fault" value=${fault} checked=${armed.includes(
                fault,
              )} autocomplete="off" /> ${t(`simulator.fault.${fault}`)}</label>
          `
        )}
      </fieldset>
      <p class="hint">${t("simulator.faults.hint")}</p>
      <div><button class="button">${t("simulator.faults.arm")}</button></div>
    </form>
  `;
}

/** What is about to go wrong, and what did; nothing when all is well. */
export function faultLines(ui: Ui, { armed, mishaps, isHolding }: FaultsData): Child {
  const { t } = ui;
  return [
    armed.length === 0
      ? undefined
      : html`<p class="chips">${
        armed.map((fault) => chip("warn", "hourglass", t("simulator.armed", { fault: t(`simulator.fault.${fault}`) })))
      }</p>`,
    isHolding ? html`<p class="chips">${chip("warn", "hand", t("simulator.holding"))}</p>` : undefined,
    mishaps.length === 0
      ? undefined
      : html`<ul class="mishaps small" aria-label=${t("simulator.mishaps")}>${
        mishaps.map(({ fault, at }) =>
          html`<li>${time(ui, at, clockSeconds(ui, at))} ${t(`simulator.mishap.${fault}`)}</li>`
        )
      }</ul>`,
  ] as Child;
}
