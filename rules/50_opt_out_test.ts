import rule from "./50_opt_out.ts";
import { testRule } from "moca/rule";

Deno.test("opt-out hears a word that is the whole message, whatever its case, accents and signs", async () => {
  for (const text of ["STOP", " stop. ", "¡Baja!", "No escribir 🙏", "unsubscribe"]) {
    await testRule(rule).given({ texts: [text] }).expect({ kind: "silence", optOut: true });
  }
});

Deno.test("opt-out names the word in its reason", async () => {
  await testRule(rule).given({ texts: ["hello", "STOP"] }).expect({
    kind: "silence",
    reason: 'the contact asked not to be written to: "stop"',
    optOut: true,
  });
});

Deno.test("opt-out does not hear a word inside an ordinary message", async () => {
  for (const text of ["Where is the bus stop?", "don't stop making these!", "¿la talla baja un poco?", "stopped"]) {
    await testRule(rule).given({ texts: [text] }).expect({ kind: "pass" });
  }
});

Deno.test("opt-out keeps silent to a contact who opted out earlier", async () => {
  await testRule(rule).given({ texts: ["how much is it?"], contact: { optOut: true } }).expect({
    kind: "silence",
    reason: "the contact asked earlier not to be written to",
  });
});

Deno.test("opt-out goes by the account's own words", async () => {
  const settings = { optOutWords: ["basta"] };
  await testRule(rule).given({ texts: ["¡Basta!"], settings }).expect({ kind: "silence", optOut: true });
  await testRule(rule).given({ texts: ["stop"], settings }).expect({ kind: "pass" });
});
