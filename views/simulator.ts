import { type Child, html, type VNode } from "@views/html.ts";
import { actionButton, csrfField, notice } from "@views/parts/form.ts";
import { icon } from "@views/parts/icon.ts";
import { visible } from "@views/parts/linked_text.ts";
import { timeline, type TimelineData } from "@views/parts/timeline.ts";
import { clockSeconds, duration } from "@views/parts/time.ts";
import type { Ui } from "@views/ui.ts";

/** What the contact can do besides writing a text. */
export const simulatorEvents = [
  "image",
  "storyReply",
  "storyMention",
  "reaction",
  "postback",
  "unsend",
  "unsupported",
  "seen",
] as const;
export type SimulatorEvent = typeof simulatorEvents[number];

/** What can go wrong with the next answer, as the pretended Instagram names it. */
export const simulatorFaults = [
  "http429",
  "serverError",
  "timeout",
  "timeoutApplied",
  "windowClosed",
  "tokenExpired",
] as const;
export type SimulatorFault = typeof simulatorFaults[number];

/** By how much the time is moved on. */
export const simulatorSteps = ["tenSeconds", "fiveMinutes", "day"] as const;
export type SimulatorStep = typeof simulatorSteps[number];

export type SimulatorProblem = "nothing" | "tooFar" | "noName" | "stillComing";

export interface SimulatorData {
  readonly personas: readonly { readonly id: string; readonly name: string; readonly username: string }[];
  readonly persona: { readonly id: string; readonly name: string; readonly username: string };
  /** Absent before the first message. */
  readonly conversationId?: string;
  /** As the contact sees it. */
  readonly phone: TimelineData;
  /** The same, with every decision. */
  readonly trace: TimelineData;
  /** How far the sandbox's time is ahead of the real one. */
  readonly aheadMs: number;
  /** Faults of this contact's next answers. */
  readonly waiting: readonly SimulatorFault[];
  readonly problem?: SimulatorProblem;
}

export function simulatorPage(ui: Ui, data: SimulatorData): VNode {
  const { t } = ui;
  const action = `/admin/simulator/${encodeURIComponent(data.persona.id)}`;
  return html`
    <div class="page-body simulator">
      <h1>${t("nav.simulator")}</h1>
      <p class="muted">${t("simulator.lead")}</p>
      ${data.problem === undefined ? undefined : notice("bad", t(`simulator.problem.${data.problem}`))}
      <nav class="tabs" aria-label=${t("simulator.personas")}>${data.personas.map((persona) =>
        personaLink(data, persona)
      )}</nav>
      ${clockForm(ui, data, action)}
      <div class="sim">
        <section class="phone" aria-label=${t("simulator.phone", { name: data.persona.name })}>
          <p class="phone-head">${icon("camera")} <bdi>@${visible(data.persona.username)}</bdi></p>
          <div id="phone" class="scroll" tabindex="0" role="region" aria-label=${t("simulator.screen")} data-stick
            hx-get=${`${action}/phone`} data-live=${data.phone
              .conversationId} hx-trigger="live" hx-sync="this:queue last" hx-swap="innerMorph">${timeline(
                ui,
                data.phone,
              )}</div>
          ${data.conversationId === undefined ? starters(ui, action) : undefined}
          ${textForm(ui, data, action)}
        </section>
        <section class="why" aria-labelledby="why-title">
          <h2 id="why-title">${t("simulator.why")}</h2>
          ${data.conversationId === undefined
            ? undefined
            : html`<p class="actions"><a href=${`/admin/inbox/${encodeURIComponent(data.conversationId)}#latest`}>${
              t("simulator.open")
            }</a>${actionButton(ui, { action: `${action}/clear`, label: t("simulator.clear"), tone: "quiet" })}</p>`}
          <div id="trace" class="scroll" tabindex="0" role="region" aria-label=${t(
            "simulator.trace",
          )} data-stick hx-get=${`${action}/trace`} data-live=${data.phone
            .conversationId} hx-trigger="live" hx-sync="this:queue last" hx-swap="innerMorph">${timeline(
              ui,
              data.trace,
            )}</div>
          ${burstForm(ui, action)}
          ${eventForm(ui, action)}
          ${faultForm(ui, data, action)}
          ${personaForm(ui)}
        </section>
      </div>
    </div>
  `;
}

function personaLink(data: SimulatorData, persona: SimulatorData["persona"]): Child {
  const isCurrent = persona.id === data.persona.id;
  return html`<a href=${`/admin/simulator?persona=${encodeURIComponent(persona.id)}`} aria-current=${
    isCurrent ? "page" : undefined
  }><bdi>${visible(persona.name)}</bdi></a>`;
}

function textForm(ui: Ui, data: SimulatorData, action: string): VNode {
  const label = ui.t("simulator.text", { name: data.persona.name });
  return html`
    <form method="post" action=${`${action}/text`} class="phone-form">
      ${csrfField(ui)}
      <label class="hidden" for="sim-text">${label}</label>
      <input id="sim-text" name="text" required maxlength="1000" autocomplete="off" dir="auto" placeholder=${label} data-focus />
      <button class="button primary" aria-label=${ui.t("simulator.send")}>${icon("send")}</button>
    </form>
  `;
}

function burstForm(ui: Ui, action: string): VNode {
  const { t } = ui;
  return html`
    <form method="post" action=${`${action}/burst`} class="card stack">
      ${csrfField(ui)}
      <label for="burst">${t("simulator.burst")}</label>
      <textarea id="burst" name="texts" rows="3" required dir="auto" aria-describedby="burst-hint"></textarea>
      <p id="burst-hint" class="hint">${t("simulator.burst.hint")}</p>
      <label for="travel">${t("simulator.travel")}</label>
      <select id="travel" name="travel">${(["once", "twice", "reversed"] as const).map((way) =>
        html`<option value=${way}>${t(`simulator.travel.${way}`)}</option>`
      )}</select>
      <div><button class="button">${t("simulator.burst.send")}</button></div>
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

/** The sandbox's time, and moving it on. */
function clockForm(ui: Ui, { aheadMs }: SimulatorData, action: string): VNode {
  const { t } = ui;
  return html`
    <form method="post" action=${`${action}/clock`} class="actions">
      ${csrfField(ui)}
      <span>${t("simulator.clock", { time: clockSeconds(ui, ui.now) })}${aheadMs === 0
        ? ""
        : `, ${t("simulator.ahead", { by: duration(ui, aheadMs) })}`}</span>
      ${simulatorSteps.map((step) =>
        html`<button class="button" name="by" value=${step}>${t(`simulator.step.${step}`)}</button>`
      )}
    </form>
  `;
}

/** What to begin with. */
function starters(ui: Ui, action: string): VNode {
  const { t } = ui;
  const prices = {
    action: `${action}/text`,
    label: t("simulator.starter.price"),
    fields: { text: t("simulator.starter.price") },
  };
  const order = {
    action: `${action}/text`,
    label: t("simulator.starter.order"),
    fields: { text: t("simulator.starter.order") },
  };
  const burst = {
    action: `${action}/burst`,
    label: t("simulator.starter.burst"),
    fields: { texts: t("simulator.starter.texts") },
  };
  return html`<div class="phone-form actions">${
    [prices, order, burst].map((starter) => actionButton(ui, starter))
  }</div>`;
}

/** Lets the next answer to the contact go wrong. */
function faultForm(ui: Ui, { waiting }: SimulatorData, action: string): VNode {
  const { t } = ui;
  return html`
    <form method="post" action=${`${action}/fault`} class="card stack">
      ${csrfField(ui)}
      <label for="fault">${t("simulator.fault")}</label>
      <div class="row-form">
        <select id="fault" name="fault">${simulatorFaults.map((fault) =>
          html`<option value=${fault}>${t(`simulator.fault.${fault}`)}</option>`
        )}</select>
        <button class="button">${t("simulator.fault.arm")}</button>
      </div>
      ${waiting.length === 0
        ? undefined
        : html`<p role="status">${t("simulator.fault.waiting")} ${
          waiting.map((fault) => t(`simulator.fault.${fault}`)).join(" · ")
        }</p>`}
    </form>
  `;
}

/** Somebody new to write as. */
function personaForm(ui: Ui): VNode {
  const { t } = ui;
  return html`
    <form method="post" action="/admin/simulator/personas" class="card stack">
      ${csrfField(ui)}
      <label for="persona-name">${t("simulator.persona")}</label>
      <input id="persona-name" name="name" maxlength="80" required dir="auto" />
      <label for="persona-language">${t("simulator.persona.language")}</label>
      <select id="persona-language" name="language"><option value="en">English</option><option value="es">Español</option></select>
      <label class="tick"><input type="checkbox" name="follows" value="yes" /> ${t("simulator.persona.follows")}</label>
      <div><button class="button">${t("simulator.persona.add")}</button></div>
    </form>
  `;
}
