import type { SimulatedMessage, Simulation, TurnOutcome } from "@/store/records.ts";
import { type Child, html, type VNode } from "@views/html.ts";
import { deciderWords } from "@views/parts/decision.ts";
import { chip } from "@views/parts/chip.ts";
import { simulatorFaults } from "@views/parts/simulator_tools.ts";
import { actionButton, confirmButton, csrfField, notice } from "@views/parts/form.ts";
import { untilDone } from "@views/parts/until_done.ts";
import { visible } from "@views/parts/linked_text.ts";
import { briefTime, time } from "@views/parts/time.ts";
import type { Ui } from "@views/ui.ts";

export interface CasesData {
  readonly personas: readonly { readonly id: string; readonly name: string }[];
  /** Whose conversation is saved unless another is chosen. */
  readonly personaId: string;
  readonly cases: readonly Simulation[];
  /** The run under way, or the last one; absent: there was none. */
  readonly job?: CaseJob;
  readonly problem?: "noName" | "noTurns" | "tooMany" | "busy";
}

/** Cases that run or ran together. */
export interface CaseJob {
  readonly state: "running" | "done" | "cancelled" | "failed";
  /** Of the rules. */
  readonly version: string;
  readonly total: number;
  readonly runs: readonly CaseResult[];
}

/** A case that ran; without a difference it passed. */
export interface CaseResult {
  readonly simulation: Simulation;
  readonly difference?: CaseDifference;
}

/** Where it first went otherwise; `step` counts from 1. */
export type CaseDifference =
  & { readonly step: number }
  & (
    | { readonly what: "undecided" }
    | { readonly what: "outcome"; readonly expected: TurnOutcome["kind"]; readonly actual: TurnOutcome["kind"] }
    | { readonly what: "by" | "contains"; readonly expected: string; readonly actual: string }
    | { readonly what: "arrived"; readonly expected: number; readonly actual: number }
  );

/** Conversations that are kept with what must come of them. */
export function casesPage(ui: Ui, data: CasesData): VNode {
  const { t } = ui;
  return html`
    <div class="page-body">
      <p><a href=${`/admin/simulator?persona=${encodeURIComponent(data.personaId)}`}>${t("cases.back")}</a></p>
      <h1>${t("cases.title")}</h1>
      <p class="muted">${t("cases.lead")}</p>
      ${data.problem === undefined ? undefined : notice("bad", t(`cases.problem.${data.problem}`))}
      ${caseRun(ui, data.job)}
      ${data.cases.length === 0 ? html`<p class="card">${t("cases.empty")}</p>` : html`
        ${actionButton(ui, { action: "/admin/simulator/cases/run", label: t("cases.runAll"), tone: "primary" })}
        <ul class="documents">${data.cases.map((one) => line(ui, one))}</ul>
      `}
      ${ui.role === "viewer" ? undefined : saveForm(ui, data)}
    </div>
  `;
}

/** What is known of a run so far; while it goes on, it asks for itself again, without JavaScript by a link. */
export function caseRun(ui: Ui, job: CaseJob | undefined): VNode {
  if (job === undefined) return html`<div id="run"></div>`;
  const { t } = ui;
  const { state, runs, total, version } = job;
  const passed = runs.filter(({ difference }) => difference === undefined).length;
  const count = t("cases.passed", { passed, count: runs.length });
  const again = state === "running" ? untilDone("/admin/simulator/cases/run") : {};
  return html`
    <div id="run" ...${again}>
      ${state === "running" ? progress(ui, job) : notice(state === "done" && passed === total ? "ok" : "warn", [
        state === "done" ? "" : `${t(`cases.state.${state}`)} `,
        count,
      ])}
      <p class="muted small">${t("rules.version")} <code>${version}</code></p>
      ${runs.length === 0 ? undefined : results(ui, runs, count)}
    </div>
  `;
}

function progress(ui: Ui, { runs, total }: CaseJob): VNode {
  const { t } = ui;
  return html`
    <div class="progress">
      <progress value=${runs.length} max=${total} aria-label=${t("cases.progress")}></progress>
      <span>${t("cases.progress.text", { done: runs.length, total })}</span>
      ${actionButton(ui, { action: "/admin/simulator/cases/cancel", label: t("rewind.cancel") })}
      <noscript><a href="/admin/simulator/cases#run">${t("connection.refresh")}</a></noscript>
    </div>
  `;
}

function results(ui: Ui, runs: readonly CaseResult[], caption: string): VNode {
  const { t } = ui;
  return html`
    <div class="card flush">
      <table class="cards">
        <caption class="hidden">${caption}</caption>
        <thead>
          <tr>
            <th scope="col">${t("cases.name")}</th>
            <th scope="col">${t("cases.result")}</th>
            <th scope="col">${t("cases.difference")}</th>
          </tr>
        </thead>
        <tbody>${runs.map((run) => result(ui, run))}</tbody>
      </table>
    </div>
  `;
}

function result(ui: Ui, { simulation, difference }: CaseResult): VNode {
  const { t } = ui;
  return html`
    <tr>
      <th scope="row"><bdi>${visible(simulation.name)}</bdi></th>
      <td><span class=${`chip ${difference === undefined ? "ok" : "bad"}`}>${t(
        difference === undefined ? "cases.pass" : "cases.fail",
      )}</span></td>
      <td dir="auto">${difference === undefined ? "–" : words(ui, difference)}</td>
    </tr>
  `;
}

function words(ui: Ui, { step, ...difference }: CaseDifference): string {
  const { t } = ui;
  switch (difference.what) {
    case "undecided":
      return t("cases.undecided", { step });
    case "outcome": {
      const { expected, actual } = difference;
      return t("cases.differs", { step, expected: t(`outcome.${expected}`), actual: t(`outcome.${actual}`) });
    }
    case "arrived":
      return t("cases.differs.arrived", { step, expected: difference.expected, actual: difference.actual });
    case "by": {
      const [expected, actual] = [difference.expected, difference.actual].map((by) => visible(deciderWords(ui, by)));
      return t("cases.differs", { step, expected, actual });
    }
    case "contains": {
      const { expected, actual } = difference;
      return t("cases.differs.contains", { step, expected: visible(expected), actual: visible(actual) });
    }
  }
}

function line(ui: Ui, { id, name, steps, savedAt, savedBy }: Simulation): VNode {
  const { t } = ui;
  const action = `/admin/simulator/cases/${encodeURIComponent(id)}`;
  return html`
    <li class="card">
      <h2><bdi>${visible(name)}</bdi></h2>
      <ol>${steps.map(({ says, faults = [], expected }) =>
        html`<li>${faults.map((fault) => faultChip(ui, fault))}<bdi>${
          visible(says.map((said) => saidWords(ui, said)).join(" · "))
        }</bdi>${" → "}${t(`outcome.${expected.outcome}`)} <span class="muted">${
          visible(deciderWords(ui, expected.by))
        }</span>${wordsOf(expected.contains)}${
          expected.arrived === undefined
            ? undefined
            : html`<span class="muted"> · ${t("cases.arrives", { count: expected.arrived })}</span>`
        }</li>`
      )}</ol>
      <p class="muted small">${visible(savedBy)}, ${time(ui, savedAt, briefTime(ui, savedAt))}</p>
      <div class="actions">
        ${actionButton(ui, {
          action: "/admin/simulator/cases/run",
          label: t("cases.run"),
          described: name,
          fields: { id },
        })}
        ${confirmButton(ui, {
          action: `${action}/remove`,
          label: t("cases.remove"),
          question: t("remove.question"),
          described: name,
        })}
      </div>
    </li>
  `;
}

/** A fault that this build does not know is left out. */
function faultChip(ui: Ui, fault: string): Child {
  const known = simulatorFaults.find((one) => one === fault);
  return known === undefined ? undefined : html`${chip("warn", "circleAlert", ui.t(`simulator.fault.${known}`))}${" "}`;
}

/** A message without a text by what it is. */
function saidWords(ui: Ui, said: SimulatedMessage): string {
  const { t } = ui;
  const { kind, text } = said;
  if (said.about !== undefined) return deedWords(ui, said);
  if (text !== undefined) return text;
  return t(kind === "storyMention" ? "simulator.event.storyMention" : "cases.noText");
}

/** What is done to a message. */
function deedWords({ t }: Ui, { kind, text = "…", reaction }: SimulatedMessage): string {
  if (kind === "edit") return t("cases.edits", { text });
  if (kind === "unsend") return t("cases.unsends");
  return reaction?.action === "unreact" ? t("cases.unreacts") : t("cases.reacts", { emoji: reaction?.emoji ?? "❤" });
}

function wordsOf(contains: string): Child {
  return contains === "" ? undefined : html`: <q dir="auto">${visible(contains)}</q>`;
}

function saveForm(ui: Ui, { personas, personaId }: CasesData): VNode {
  const { t } = ui;
  return html`
    <form method="post" action="/admin/simulator/cases" class="card stack">
      ${csrfField(ui)}
      <h2>${t("cases.save")}</h2>
      <label for="case-persona">${t("cases.persona")}</label>
      <select id="case-persona" name="persona">${personas.map(({ id, name }) =>
        html`<option value=${id} selected=${id === personaId}>${visible(name)}</option>`
      )}</select>
      <label for="case-name">${t("cases.name")}</label>
      <input id="case-name" name="name" maxlength="80" required dir="auto" />
      <label class="tick"><input type="checkbox" name="words" value="yes" /> ${t("cases.words")}</label>
      <div><button class="button">${t("cases.saveButton")}</button></div>
    </form>
  `;
}
