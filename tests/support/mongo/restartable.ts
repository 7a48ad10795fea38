import assert from "node:assert/strict";
import { startJavaServer } from "@tests/support/mongo/java_server.ts";
import { startMongod } from "@tests/support/mongo/mongod.ts";
import { makePlace, type Place } from "@tests/support/mongo/place.ts";
import type { Started } from "@tests/support/mongo_server.ts";

type Start = (place: Place) => Promise<Started>;
type Running = Exclude<Started, { unavailable: string }>;

/** A MongoDB of the tests' own, whose process can be ended and started again on its data and its port. */
export class RestartableMongo implements AsyncDisposable {
  readonly #start: Start;
  readonly #place: Place;
  #running: Running | undefined;

  private constructor(start: Start, place: Place, running: Running) {
    this.#start = start;
    this.#place = place;
    this.#running = running;
  }

  /** @throws {Error} when there is neither a mongod nor a mongo-java-server. */
  static async start(): Promise<RestartableMongo> {
    const place = await makePlace();
    for (const start of [startMongod, startJavaServer]) {
      const started = await start(place);
      if (!("unavailable" in started)) return new RestartableMongo(start, place, started);
    }
    throw new Error("Cannot start a MongoDB: there is neither a mongod nor Java with Maven, one of them is wanted");
  }

  get uri(): string {
    return `mongodb://127.0.0.1:${this.#place.port}/?directConnection=true`;
  }

  /** Ends the process, which puts its data away first. */
  async stop(): Promise<void> {
    await this.#running?.[Symbol.asyncDispose]();
    this.#running = undefined;
  }

  async startAgain(): Promise<void> {
    const started = await this.#start(this.#place);
    assert.ok(!("unavailable" in started), "the database starts again");
    this.#running = started;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await Deno.remove(this.#place.dir, { recursive: true });
  }
}
