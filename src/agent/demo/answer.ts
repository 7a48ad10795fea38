import type { DemoFact } from "@/agent/demo/facts.ts";
import type { DemoScene } from "@/agent/demo/read_prompt.ts";
import { type DemoText, type DemoTopic, greeting, languageOf, notKnown, plain, topics } from "@/agent/demo/topics.ts";

const introduction: DemoText = {
  en: "This is Moca's demo model: it answers from simple patterns until a real model is configured.",
  es:
    "Este es el modelo de demostración de Moca: responde con patrones sencillos hasta que se configure un modelo real.",
};

/** The demo model's answer to a burst: a piece for everything that it recognised, whichever message it stood in. */
export function demoAnswer(scene: DemoScene, facts: readonly DemoFact[]): string {
  const language = languageOf(scene.texts, scene.language);
  const found = scene.results.findLast(isFinding);
  const pieces = [
    ...(scene.lastAnswer === undefined ? [introduction[language]] : []),
    ...(scene.texts.length > 1 ? [countWords(scene.texts.length)[language]] : []),
    ...(isAbout(greeting, scene.texts) ? [greeting.opening[language]] : []),
    ...topics.filter((topic) => isAbout(topic, scene.texts)).map((topic) => topicAnswer(topic, scene, language)),
    ...(facts.length > 0 ? [factWords(facts)[language]] : []),
    ...(found === undefined
      ? unrecognised(scene, facts).map((text) => echoWords(text, scene.results)[language])
      : [foundWords(found)[language]]),
  ];
  const answer = pieces.join(" ");
  return answer === scene.lastAnswer ? `${answer} ${againWords[language]}` : answer;
}

const againWords: DemoText = {
  en: "(I know, I said so before.)",
  es: "(Ya sé, lo dije antes.)",
};

/** Whether the result of a call is what a search found. */
export function isFinding(result: string): boolean {
  return result.startsWith('From "');
}

/** The title and the beginning of the first document that was found. */
function foundWords(found: string): DemoText {
  const [, title = "", text = ""] = /^From "(.*)":\n([^]*?)(?:\n\nFrom "|$)/.exec(found) ?? [];
  const quote = text.replace(/\s+/g, " ").slice(0, 600);
  return { en: `I found this under “${title}”: ${quote}`, es: `Encontré esto en «${title}»: ${quote}` };
}

/** Whether it knows what the text is about. */
export function isRecognised(text: string): boolean {
  return [greeting, ...topics].some((topic) => isAbout(topic, [text]));
}

function isAbout({ pattern }: DemoTopic, texts: readonly string[]): boolean {
  return texts.some((text) => pattern.test(plain(text)));
}

/** The opening, and for a question the business's own lines on it, when it has told any. */
function topicAnswer({ opening, knowledge }: DemoTopic, scene: DemoScene, language: "en" | "es"): string {
  if (knowledge === undefined) return opening[language];
  const lines = scene.knowledge.filter((line) => knowledge.test(plain(line))).slice(0, 2);
  const told = lines.length === 0 ? notKnown[language] : lines.map((line) => line.slice(0, 300)).join(" ");
  return `${opening[language]} ${told}`;
}

/** Messages in which it recognised nothing. */
function unrecognised({ texts }: DemoScene, facts: readonly DemoFact[]): readonly string[] {
  return texts.filter((text) => !isRecognised(text) && !facts.some(({ quote }) => text.includes(quote)));
}

function countWords(count: number): DemoText {
  return { en: `I read your ${count} messages together.`, es: `Leí tus ${count} mensajes juntos.` };
}

function factWords(facts: readonly DemoFact[]): DemoText {
  const values = facts.map(({ value }) => value).join(", ");
  return { en: `Noted: ${values}.`, es: `Anotado: ${values}.` };
}

/** Quotes the message, unless an answer of this turn was already held back: the quote may be what was wrong. */
function echoWords(text: string, results: readonly string[]): DemoText {
  const isHeldBack = results.some((result) => result.startsWith("not sent"));
  if (text.startsWith("[") || isHeldBack) {
    return {
      en: "I got what you sent, but a demo cannot make anything of it.",
      es: "Recibí lo que enviaste, pero una demostración no puede interpretarlo.",
    };
  }
  const quote = text.length <= 120 ? text : `${text.slice(0, 120)}…`;
  return {
    en: `You wrote “${quote}”: a real model would take it from here.`,
    es: `Escribiste “${quote}”: un modelo real seguiría desde aquí.`,
  };
}
