import { type Child, html, type VNode } from "@views/html.ts";
import { icon, type IconName } from "@views/parts/icon.ts";
import { briefTime } from "@views/parts/time.ts";
import type { Ui } from "@views/ui.ts";

/** Something that a new Moca needs. */
export interface FirstStep {
  readonly name: "token" | "webhook" | "message" | "rules" | "model";
  /** `optional`: not there, and Moca works without. */
  readonly state: "done" | "open" | "optional";
  /** Of the webhook: when one came, or while none did, when Meta verified it. */
  readonly at?: Date;
  /** Of the token: days left; of the rules: how many. */
  readonly count?: number;
  /** Of the model: its name. */
  readonly what?: string;
}

const icons: Readonly<Record<FirstStep["state"], IconName>> = {
  done: "check",
  open: "hourglass",
  optional: "circleHelp",
};

/** The check-list of a new Moca, each step with what to do; gone by itself once nothing is open. */
export function firstSteps(ui: Ui, steps: readonly FirstStep[], { sandbox }: { sandbox: boolean }): Child {
  if (!steps.some(({ state }) => state === "open")) return undefined;
  const done = steps.filter(({ state }) => state !== "open").length;
  return html`
    <section class="card stack first-steps" aria-labelledby="first-steps">
      <h2 id="first-steps">${ui.t("steps.title")}</h2>
      <p class="muted small">${ui.t("steps.done", { done, total: steps.length })}</p>
      <ol>${steps.map((step) => line(ui, step, sandbox))}</ol>
    </section>
  `;
}

/** What the pretended Instagram of the sandbox does once somebody writes there. */
const played: readonly FirstStep["name"][] = ["webhook", "message"];

function line(ui: Ui, step: FirstStep, sandbox: boolean): VNode {
  const { t } = ui;
  return html`
    <li class=${step.state}>
      ${icon(icons[step.state])}
      <div>
        <strong>${t(`steps.name.${step.name}`)}</strong> <span class="muted small">${t(
          `steps.state.${step.state}`,
        )}</span>
        ${step.state === "done" ? found(ui, step) : cure(ui, step, sandbox)}
      </div>
    </li>
  `;
}

function found(ui: Ui, { name, at, count, what }: FirstStep): Child {
  const { t } = ui;
  const said = name === "webhook" && at !== undefined
    ? t("steps.found.webhook", { at: briefTime(ui, at) })
    : name === "token" && count !== undefined
    ? t("steps.found.token", { count })
    : name === "rules" && count !== undefined
    ? t("steps.found.rules", { count })
    : what;
  return said === undefined ? undefined : html`<p class="small">${said}</p>`;
}

/** What to do and where; pages that the reader may not see are named, not linked. */
function cure(ui: Ui, step: FirstStep, sandbox: boolean): VNode {
  const { t } = ui;
  const { name, at } = step;
  const isVerified = name === "webhook" && at !== undefined;
  const isPlayed = sandbox && played.includes(name);
  const text = isPlayed
    ? t("steps.cure.sandbox")
    : isVerified
    ? t("steps.cure.verified", { at: briefTime(ui, at) })
    : t(`steps.cure.${name}`);
  return html`<p class="small">${text} ${link(ui, step, sandbox)}</p>`;
}

function link({ t, role }: Ui, { name }: FirstStep, sandbox: boolean): Child {
  if (name === "token" && role === "admin") return html`<a href="/admin/settings">${t("nav.settings")}</a>`;
  if (name === "rules") return html`<a href="/admin/rules">${t("nav.rules")}</a>`;
  if (sandbox && played.includes(name)) return html`<a href="/admin/simulator">${t("nav.simulator")}</a>`;
  return undefined;
}
