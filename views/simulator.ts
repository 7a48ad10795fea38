import { type Child, html, type VNode } from "@views/html.ts";
import { csrfField, notice } from "@views/parts/form.ts";
import { icon } from "@views/parts/icon.ts";
import { visible } from "@views/parts/linked_text.ts";
import { timeline, type TimelineData } from "@views/parts/timeline.ts";
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

export interface SimulatorData {
  readonly personas: readonly { readonly id: string; readonly name: string; readonly username: string }[];
  readonly persona: { readonly id: string; readonly name: string; readonly username: string };
  /** Absent before the first message. */
  readonly conversationId?: string;
  /** As the contact sees it. */
  readonly phone: TimelineData;
  /** The same, with every decision. */
  readonly trace: TimelineData;
  readonly problem?: string;
}

export function simulatorPage(ui: Ui, data: SimulatorData): VNode {
  const { t } = ui;
  const action = `/admin/simulator/${encodeURIComponent(data.persona.id)}`;
  return html`
    <div class="page-body simulator">
      <h1>${t("nav.simulator")}</h1>
      <p class="muted">${t("simulator.lead")}</p>
      ${data.problem === undefined ? undefined : notice("bad", data.problem)}
      <nav class="tabs" aria-label=${t("simulator.personas")}>${data.personas.map((persona) =>
        personaLink(data, persona)
      )}</nav>
      <div class="sim">
        <section class="phone" aria-label=${t("simulator.phone", { name: data.persona.name })}>
          <p class="phone-head">${icon("camera")} <bdi>@${visible(data.persona.username)}</bdi></p>
          <div id="phone" class="scroll" tabindex="0" role="region" aria-label=${t("simulator.screen")} data-stick
            hx-get=${`${action}/phone`} data-live=${data.phone
              .conversationId} hx-trigger="live" hx-sync="this:queue last" hx-swap="innerMorph">${timeline(
                ui,
                data.phone,
              )}</div>
          ${textForm(ui, data, action)}
        </section>
        <section class="why" aria-labelledby="why-title">
          <h2 id="why-title">${t("simulator.why")}</h2>
          ${data.conversationId === undefined
            ? undefined
            : html`<p><a href=${`/admin/inbox/${encodeURIComponent(data.conversationId)}#latest`}>${
              t("simulator.open")
            }</a></p>`}
          <div id="trace" class="scroll" tabindex="0" role="region" aria-label=${t(
            "simulator.trace",
          )} data-stick hx-get=${`${action}/trace`} data-live=${data.phone
            .conversationId} hx-trigger="live" hx-sync="this:queue last" hx-swap="innerMorph">${timeline(
              ui,
              data.trace,
            )}</div>
          ${burstForm(ui, action)}
          ${eventForm(ui, action)}
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
