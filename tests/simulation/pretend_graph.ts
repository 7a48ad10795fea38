/** The pretended Instagram without HTTP: its world, its faults, its echoes; what it applied is the only judge. */
import type { Clock } from "@/clock.ts";
import type { InstagramClient, ThreadAnswer } from "@/instagram/client.ts";
import type { GraphCall, GraphReply } from "@/instagram/client_http.ts";
import { sendText } from "@/instagram/client_send.ts";
import { effectOf, type FaultOrder, FaultPlan } from "@/simulator/faults.ts";
import type { GraphError } from "@/simulator/graph_error.ts";
import type { Random } from "@/simulator/random.ts";
import { readSendRequest, type SendRequest } from "@/simulator/send_request.ts";
import { World } from "@/simulator/world.ts";

export interface AppliedPost {
  readonly psid: string;
  readonly text: string;
  readonly mid: string;
  readonly at: Date;
}

export interface PretendGraphOptions {
  readonly accountId: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly onPost: (post: { readonly psid: string; readonly text: string; readonly overlaps: number }) => void;
  readonly onApplied: (applied: AppliedPost) => void;
}

const rates: readonly FaultOrder[] = [
  { fault: "code613", rate: 0.02 },
  { fault: "serverErrorApplied", rate: 0.04 },
  { fault: "serverError", rate: 0.04 },
  { fault: "sentButError", rate: 0.03 },
  { fault: "timeoutApplied", rate: 0.04 },
  { fault: "timeout", rate: 0.04 },
  { fault: "reset", rate: 0.04 },
  { fault: "resetApplied", rate: 0.04 },
  { fault: "cutBody", rate: 0.02 },
  { fault: "slowAnswer", rate: 0.02 },
  { fault: "lateApply", rate: 0.02, delayMs: 20_000 },
  { fault: "windowClosed", rate: 0.005 },
];

export class PretendGraph {
  readonly world = new World();
  readonly applied: AppliedPost[] = [];
  readonly #options: PretendGraphOptions;
  readonly #faults: FaultPlan;
  readonly #underWay = new Map<string, number>();
  #mids = 0;
  #readFaults = 0.15;

  constructor(options: PretendGraphOptions) {
    this.#options = options;
    this.#faults = new FaultPlan(options.random);
    for (const order of rates) this.#faults.add(order);
  }

  nextMid(): string {
    this.#mids += 1;
    return `mid-${this.#mids}`;
  }

  /** From now on everything goes well. */
  heal(): void {
    this.#faults.clear();
    this.#readFaults = 0;
  }

  client(): InstagramClient {
    const http = { call: (call: GraphCall) => this.#post(call), [Symbol.dispose]: () => {} };
    const unused = (): Promise<never> =>
      Promise.reject(new Error("Cannot call this: the simulation has no such endpoint"));
    return {
      sendText: (text) => sendText({ http, version: "v25.0", requestMs: 15_000 }, text),
      readThread: ({ psid }) => this.#read(psid),
      me: unused,
      profile: unused,
      refreshToken: unused,
      [Symbol.dispose]: () => {},
    };
  }

  async #post(call: GraphCall): Promise<GraphReply> {
    const { clock, random, onPost } = this.#options;
    const request = readSendRequest(call.body, this.world, clock.now());
    if (request.kind !== "message") return answered(400, request.kind === "refused" ? errorBody(request.error) : {});
    const fault = this.#faults.take({ on: "send", psid: request.psid });
    const others = this.#underWay.get(request.psid) ?? 0;
    this.#underWay.set(request.psid, others + 1);
    onPost({ psid: request.psid, text: request.message.text, overlaps: others });
    await clock.wait(20 + random() * 300);
    const applied = this.#act(request, fault);
    this.#underWay.set(request.psid, (this.#underWay.get(request.psid) ?? 1) - 1);
    return await this.#answer(call, applied, fault);
  }

  #act(request: Extract<SendRequest, { kind: "message" }>, fault?: FaultOrder): AppliedPost | undefined {
    const applies = fault === undefined ? "now" : effectOf(fault.fault).applies;
    if (applies === "now") return this.#apply(request);
    if (applies === "late") void this.#options.clock.wait(fault?.delayMs ?? 5_000).then(() => this.#apply(request));
    return undefined;
  }

  #apply({ psid, message: { text } }: Extract<SendRequest, { kind: "message" }>): AppliedPost {
    const applied = { psid, text, mid: this.nextMid(), at: this.#options.clock.now() };
    this.world.businessSaid(psid, { ...applied, via: "api", attachments: [] });
    this.applied.push(applied);
    this.#options.onApplied(applied);
    return applied;
  }

  async #answer(call: GraphCall, applied: AppliedPost | undefined, fault?: FaultOrder): Promise<GraphReply> {
    const { clock, random } = this.#options;
    const body = applied && { recipient_id: applied.psid, message_id: applied.mid };
    if (fault === undefined) return answered(200, body);
    const { answer } = effectOf(fault.fault);
    switch (answer.kind) {
      case "error":
        return answered(answer.error.status, errorBody(answer.error));
      case "empty":
        return answered(answer.status, undefined);
      case "cut":
        return answered(200, undefined);
      case "slow":
        await clock.wait(1_000 + random() * 10_000);
        return answered(200, body);
      case "drop":
        return { kind: "silent", message: "the connection was reset" };
      default:
        await clock.wait(call.timeoutMs);
        return { kind: "silent", message: "no answer came in time" };
    }
  }

  async #read(psid: string): Promise<ThreadAnswer> {
    const { clock, random, accountId } = this.#options;
    await clock.wait(50 + random() * 500);
    if (random() < this.#readFaults) return { kind: "unreadable", message: "Instagram is busy" };
    const messages = (this.world.thread(psid)?.messages ?? []).slice(-20).toReversed();
    return {
      kind: "read",
      messages: messages.map(({ mid, at, from, text }) => ({
        mid,
        at: new Date(Math.floor(at.getTime() / 1_000) * 1_000),
        fromId: from === "business" ? accountId : psid,
        text,
      })),
    };
  }
}

function answered(status: number, body: unknown): GraphReply {
  return { kind: "answered", status, headers: new Headers(), body };
}

function errorBody({ code, subcode }: GraphError): unknown {
  return { error: { message: "no", code, ...(subcode === undefined ? {} : { error_subcode: subcode }) } };
}
