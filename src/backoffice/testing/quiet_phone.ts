import type { NewPersona, Persona, SimulatorPort } from "@/backoffice/deps.ts";

/** A pretended Instagram's controls that remember what was asked of them, and do nothing else. */
export class QuietPhone implements SimulatorPort {
  readonly asked: unknown[] = [];
  readonly #armed = new Map<string, Parameters<SimulatorPort["arm"]>[1]>();
  readonly personas: Persona[];
  aheadMs = 0;

  constructor(readonly accountId: string, personas: readonly Pick<Persona, "psid" | "name" | "username">[]) {
    this.personas = personas.map((persona) => ({ ...persona, language: "es", follows: true }));
  }

  act(...asked: Parameters<SimulatorPort["act"]>): Promise<void> {
    this.asked.push(asked);
    return Promise.resolve();
  }

  addPersona(persona: NewPersona): Persona {
    const made = { username: persona.name.toLowerCase(), ...persona, psid: `new${this.personas.length}` };
    this.personas.push(made);
    return made;
  }

  recall(psid: string, lines: Parameters<SimulatorPort["recall"]>[1]): readonly string[] {
    this.asked.push([psid, lines.map(({ text }) => text)]);
    return lines.map((_, index) => `recalled-${psid}-${index}`);
  }

  arm(psid: string, faults: Parameters<SimulatorPort["arm"]>[1]): void {
    this.#armed.set(psid, faults);
  }

  armed(psid: string): Parameters<SimulatorPort["arm"]>[1] {
    return this.#armed.get(psid) ?? [];
  }

  /** Each fault that is armed has happened before, when the time began. */
  mishaps(psid: string): ReturnType<SimulatorPort["mishaps"]> {
    return this.armed(psid).map((fault) => ({ fault, at: new Date(0) }));
  }

  isHolding(psid: string): boolean {
    return this.armed(psid).includes("outOfOrder");
  }

  moveOn(ms: number): Promise<"moved" | "tooFar"> {
    if (this.aheadMs + ms > 30 * 86_400_000) return Promise.resolve("tooFar");
    this.aheadMs += ms;
    return Promise.resolve("moved");
  }
}
