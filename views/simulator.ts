import { type Child, html, type VNode } from "@views/html.ts";
import { actionButton, csrfField, notice } from "@views/parts/form.ts";
import { icon } from "@views/parts/icon.ts";
import { visible } from "@views/parts/linked_text.ts";
import { faultLines, type FaultsData, simulatorTools } from "@views/parts/simulator_tools.ts";
import { timeline, type TimelineData } from "@views/parts/timeline.ts";
import { clockSeconds, duration } from "@views/parts/time.ts";
import type { Ui } from "@views/ui.ts";

/** By how much the time is moved on. */
export const simulatorSteps = ["tenSeconds", "fiveMinutes", "day"] as const;
export type SimulatorStep = typeof simulatorSteps[number];

export type SimulatorView = "chat" | "trace";

export type SimulatorProblem = "nothing" | "tooFar" | "noName" | "badHandle" | "stillComing";

export interface SimulatorData {
  readonly personas: readonly { readonly id: string; readonly name: string; readonly username: string }[];
  readonly persona: {
    readonly id: string;
    readonly name: string;
    readonly username: string;
    readonly language: "es" | "en";
    readonly follows: boolean;
  };
  /** Absent before the first message. */
  readonly conversationId?: string;
  /** As the contact sees it. */
  readonly phone: TimelineData;
  /** The same, with every decision. */
  readonly trace: TimelineData;
  /** How far the sandbox's time is ahead of the real one. */
  readonly aheadMs: number;
  readonly faults: FaultsData;
  /** Some rule file is broken. */
  readonly rulesBroken: boolean;
  /** Which of the two a narrow window shows. */
  readonly view: SimulatorView;
  readonly problem?: SimulatorProblem;
}

export function simulatorPage(ui: Ui, data: SimulatorData): VNode {
  const { t } = ui;
  const action = `/admin/simulator/${encodeURIComponent(data.persona.id)}`;
  return html`
    <div class="page-body simulator">
      <h1>${t("nav.simulator")}</h1>
      <p class="muted">${t("simulator.lead")} <a href=${`/admin/simulator/cases?persona=${
        encodeURIComponent(data.persona.id)
      }`}>${t("cases.title")}</a></p>
      ${data.problem === undefined ? undefined : notice("bad", t(`simulator.problem.${data.problem}`))}
      <nav class="tabs" aria-label=${t("simulator.personas")}>${data.personas.map((persona) =>
        personaLink(data, persona)
      )}</nav>
      ${clockForm(ui, data, action)}
      ${data.rulesBroken
        ? notice("warn", html`${t("simulator.rulesBroken")} <a href="/admin/rules">${t("simulator.toRules")}</a>`)
        : undefined}
      ${viewTabs(ui, data)}
      <div class=${`sim ${data.view}`}>
        ${phone(ui, data, action)}
        <section class="why" aria-labelledby="why-title">
          <h2 id="why-title">${t("simulator.why")}</h2>
          ${data.conversationId === undefined
            ? undefined
            : html`<div class="actions"><a href=${`/admin/inbox/${encodeURIComponent(data.conversationId)}#latest`}>${
              t("simulator.open")
            }</a>${
              actionButton(ui, { action: `${action}/clear`, label: t("simulator.clear"), tone: "quiet", key: "clear" })
            }</div>`}
          <div id="trace" class="scroll" tabindex="0" role="region" aria-label=${t(
            "simulator.trace",
          )} data-stick hx-get=${`${action}/trace`} data-live=${data.phone
            .conversationId} hx-trigger="live" hx-sync="this:queue last" hx-swap="innerMorph">${traceRegion(
              ui,
              data,
            )}</div>
        </section>
        ${ui.role === "viewer" ? undefined : html`<div class="tools">
          ${simulatorTools(ui, action, data.faults)}
          ${personaForm(ui)}
        </div>`}
      </div>
    </div>
  `;
}

function phone(ui: Ui, data: SimulatorData, action: string): VNode {
  const { t } = ui;
  const { language, follows, username, name } = data.persona;
  return html`
    <section class="phone" aria-label=${t("simulator.phone", { name })}>
      <div class="phone-head"><p>${icon("camera")} <bdi>@${visible(username)}</bdi></p>
        <p class="muted small">${[
          t(`simulator.speaks.${language}`),
          t(follows ? "simulator.follows" : "simulator.followsNot"),
          ...(data.conversationId === undefined ? [t("simulator.firstContact")] : []),
        ].join(" · ")}</p></div>
      <div id="phone" class="scroll" tabindex="0" role="region" aria-label=${t("simulator.screen")} data-stick
        hx-get=${`${action}/phone`} data-live=${data.phone
          .conversationId} hx-trigger="live" hx-sync="this:queue last" hx-swap="innerMorph">${phoneRegion(
            ui,
            data,
          )}</div>
      ${data.conversationId === undefined ? starters(ui, action) : undefined}
      ${ui.role === "viewer" ? undefined : textForm(ui, action)}
    </section>
  `;
}

/** What the contact sees. */
export function phoneRegion(ui: Ui, { phone }: SimulatorData): VNode {
  return timeline(ui, phone);
}

/** What Moca did, and what was made to go wrong. */
export function traceRegion(ui: Ui, { trace, faults }: SimulatorData): VNode {
  return html`<div>${timeline(ui, trace)}${faultLines(ui, faults)}</div>`;
}

/** In a narrow window chat and trace take turns. */
function viewTabs(ui: Ui, { persona, view }: SimulatorData): VNode {
  return html`<nav class="tabs views" aria-label=${ui.t("simulator.views")}>${
    (["chat", "trace"] as const).map((each) =>
      html`<a href=${`/admin/simulator?persona=${encodeURIComponent(persona.id)}&view=${each}`} aria-current=${
        each === view ? "page" : undefined
      }>${ui.t(`simulator.view.${each}`)}</a>`
    )
  }</nav>`;
}

function personaLink(data: SimulatorData, persona: SimulatorData["personas"][number]): Child {
  const isCurrent = persona.id === data.persona.id;
  return html`<a href=${`/admin/simulator?persona=${encodeURIComponent(persona.id)}`} aria-current=${
    isCurrent ? "page" : undefined
  }><bdi>${visible(persona.name)}</bdi></a>`;
}

function textForm(ui: Ui, action: string): VNode {
  const label = ui.t("simulator.text");
  return html`
    <form method="post" action=${`${action}/text`} class="phone-form">
      ${csrfField(ui)}
      <label class="hidden" for="sim-text">${label}</label>
      <input id="sim-text" name="text" required maxlength="1000" autocomplete="off" dir="auto" placeholder=${label} data-focus />
      <button class="button primary" aria-label=${ui.t("simulator.send")}>${icon("send")}</button>
    </form>
  `;
}

/** The sandbox's time, and moving it on. */
function clockForm(ui: Ui, { aheadMs }: SimulatorData, action: string): VNode {
  const { t } = ui;
  return html`
    <form method="post" action=${`${action}/clock`} class="actions">
      ${csrfField(ui)}
      <span class="clock">${t("simulator.clock", { time: clockSeconds(ui, ui.now) })}${aheadMs === 0
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

/** Somebody new to write as. */
function personaForm(ui: Ui): VNode {
  const { t } = ui;
  return html`
    <form method="post" action="/admin/simulator/personas" class="card stack">
      ${csrfField(ui)}
      <label for="persona-name">${t("simulator.persona")}</label>
      <input id="persona-name" name="name" maxlength="80" required dir="auto" />
      <label for="persona-handle">${t("simulator.persona.handle")}</label>
      <input id="persona-handle" name="username" maxlength="31" autocapitalize="none" autocomplete="off" aria-describedby="handle-hint" />
      <p id="handle-hint" class="hint">${t("simulator.persona.handle.hint")}</p>
      <label for="persona-language">${t("simulator.persona.language")}</label>
      <select id="persona-language" name="language"><option value="en">English</option><option value="es">Español</option></select>
      <label class="tick"><input type="checkbox" name="follows" value="yes" /> ${t("simulator.persona.follows")}</label>
      <div><button class="button">${t("simulator.persona.add")}</button></div>
    </form>
  `;
}
