import { type Child, html, type VNode } from "@views/html.ts";
import { chip } from "@views/parts/chip.ts";
import { briefTime, time } from "@views/parts/time.ts";
import type { Ui } from "@views/ui.ts";

/** One process on the database. */
export interface InstanceRow {
  readonly id: string;
  readonly host: string;
  readonly version: string;
  readonly startedAt: Date;
  readonly beatAt: Date;
  /** `gone`: not heard of for longer than it may be silent. */
  readonly state: "alive" | "gone";
  readonly ruleSet: string;
  readonly workers: readonly { readonly name: string; readonly healthy: boolean }[];
}

/** Who works on the queue. */
export function instancesTable(ui: Ui, instances: readonly InstanceRow[]): VNode {
  const { t } = ui;
  return html`
    <section class="stack apart" aria-labelledby="instances">
      <h2 id="instances">${t("instances.title")}</h2>
      <div class="card flush">
        <table class="cards">
          <caption class="hidden">${t("instances.title")}</caption>
          <thead>
            <tr>
              <th scope="col">${t("instances.host")}</th>
              <th scope="col">${t("instances.state")}</th>
              <th scope="col">${t("instances.version")}</th>
              <th scope="col">${t("instances.rules")}</th>
              <th scope="col">${t("instances.started")}</th>
              <th scope="col">${t("instances.beat")}</th>
            </tr>
          </thead>
          <tbody>${instances.map((instance) => line(ui, instance))}</tbody>
        </table>
      </div>
    </section>
  `;
}

function line(ui: Ui, instance: InstanceRow): Child {
  const { t } = ui;
  const { host, id, version, ruleSet, startedAt, beatAt } = instance;
  return html`
    <tr key=${id} id=${`instance-${id}`}>
      <th scope="row"><bdi>${host}</bdi> <code>${id.slice(0, 8)}</code></th>
      <td>${state(ui, instance)}</td>
      <td class="nowrap" data-label=${t("instances.version")}>${version}</td>
      <td class="nowrap" data-label=${t("instances.rules")}><code>${ruleSet}</code></td>
      <td class="nowrap" data-label=${t("instances.started")}>${time(ui, startedAt, briefTime(ui, startedAt))}</td>
      <td class="nowrap" data-label=${t("instances.beat")}>${time(ui, beatAt, briefTime(ui, beatAt))}</td>
    </tr>
  `;
}

function state({ t }: Ui, { state, workers }: InstanceRow): Child {
  if (state === "gone") return chip("bad", "ban", t("instances.gone"));
  const troubled = workers.filter(({ healthy }) => !healthy).map(({ name }) => name);
  if (troubled.length === 0) return chip("ok", "check", t("instances.alive"));
  return chip("warn", "circleAlert", t("instances.troubled", { workers: troubled.join(", ") }));
}
