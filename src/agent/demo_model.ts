import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import type { ChatResult } from "@langchain/core/outputs";
import { demoAnswer, isFinding, isRecognised } from "@/agent/demo/answer.ts";
import { factsIn } from "@/agent/demo/facts.ts";
import { type DemoScene, readPrompt } from "@/agent/demo/read_prompt.ts";
import { languageOf, plain, wantsNothing, wantsPerson } from "@/agent/demo/topics.ts";

interface DemoCall {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/**
 * A chat model for trying Moca out: it calls the same tools as a real one, from simple patterns in English and
 * Spanish, the same for the same prompt. Its first answer to a contact says what it is.
 */
export class DemoModel extends BaseChatModel {
  override _llmType(): string {
    return "moca-demo";
  }

  /** It knows its tools by heart. */
  override bindTools(): this {
    return this;
  }

  override _generate(messages: BaseMessage[]): Promise<ChatResult> {
    const calls = demoCalls(readPrompt(messages));
    const id = `demo_${messages.length}`;
    const message = new AIMessage({
      content: "",
      tool_calls: calls.map(({ name, args }, index) => ({ id: `${id}_${index}`, name, args, type: "tool_call" })),
    });
    return Promise.resolve({ generations: [{ text: "", message }] });
  }
}

function demoCalls(scene: DemoScene): readonly DemoCall[] {
  const facts = factsIn(scene.texts);
  if (facts.length > 0 && scene.results.length === 0) {
    return facts.map((fact) => ({ name: "update_contact", args: { ...fact } }));
  }
  const language = languageOf(scene.texts, scene.language);
  if (scene.texts.some((text) => wantsPerson.test(plain(text)))) {
    const reason = language === "es" ? "el contacto pide hablar con una persona" : "the contact asks for a person";
    return [{ name: "hand_off", args: { reason } }];
  }
  if (scene.texts.every((text) => wantsNothing.test(plain(text)))) {
    const reason = language === "es" ? "nada que responder" : "nothing that wants an answer";
    return [{ name: "stay_silent", args: { reason } }];
  }
  const query = toLookUp(scene);
  if (query !== undefined) return [{ name: "search_knowledge", args: { query } }];
  const noted = scene.results.some((result) => result === "noted") ? facts : [];
  return [{ name: "reply", args: { messages: [demoAnswer(scene, noted)] } }];
}

/** A question that it has no words for, once, when there are documents to look it up in. */
function toLookUp({ texts, hasDocuments, results }: DemoScene): string | undefined {
  const hasLooked = results.some((result) => isFinding(result) || result.startsWith("nothing was found"));
  if (!hasDocuments || hasLooked) return undefined;
  const question = texts.find((text) => text.includes("?") && !isRecognised(text));
  return question === undefined || question.length < 2 ? undefined : question.slice(0, 200);
}
