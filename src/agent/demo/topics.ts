/** Text in the two languages that the demo model speaks. */
export interface DemoText {
  readonly en: string;
  readonly es: string;
}

/** Something that the demo model recognises and has an answer to. */
export interface DemoTopic {
  readonly pattern: RegExp;
  /** Opens the answer, so that it can be seen that the question was read. */
  readonly opening: DemoText;
  /** For questions: marks the lines of the knowledge that answer them. */
  readonly knowledge?: RegExp;
}

/** Without accents and in small letters, so that the patterns need not know them. */
export function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

export const greeting: DemoTopic = {
  pattern: /\b(hi|hello|hey|good (morning|afternoon|evening)|hola|buenas|buenos dias|que tal)\b/,
  opening: { en: "Hi, good to hear from you!", es: "¡Hola, qué gusto leerte!" },
};

/** Said after the opening when the knowledge has no line on the question. */
export const notKnown: DemoText = {
  en: "that is not in my knowledge yet, add it in Settings and I will quote it.",
  es: "aún no está en mi conocimiento, agrégalo en Ajustes y lo citaré.",
};

export const topics: readonly DemoTopic[] = [
  {
    pattern: /\b(prices?|pricing|cost|costs|how much|precios?|cuesta|cuestan|cuanto (es|sale|vale|cobran)|tarifas?)\b/,
    opening: { en: "About prices:", es: "Sobre los precios:" },
    knowledge: /\b(prices?|costs?|precios?|cuesta|cuestan)\b|[$€]/,
  },
  {
    pattern: /\b(hours|open|opening|close|closing|schedule|horarios?|abren|abierto|abierta|cierran|a que hora)\b/,
    opening: { en: "About opening hours:", es: "Sobre el horario:" },
    knowledge: /\b(hours|open|opening|closed?|horarios?|abrimos|abierto|cerrado|cerramos)\b/,
  },
  {
    pattern: /\b(where|address|location|located|donde|direccion|ubicacion|ubicados)\b/,
    opening: { en: "About where to find us:", es: "Sobre dónde encontrarnos:" },
    knowledge: /\b(address|street|avenue|direccion|calle|avenida)\b/,
  },
  {
    pattern: /\b(thanks|thank you|thx|gracias)\b/,
    opening: { en: "You are welcome!", es: "¡Con gusto!" },
  },
];

/** A contact who wants somebody real. */
export const wantsPerson =
  /\b(talk|speak|chat) (to|with) (a |an |some)?(person|human|someone|somebody|agent|manager)\b|\b(real person|human being|a human)\b|\b(hablar|comunicar\w*) con (una |un |alguien|la |el )?(persona|humano|asesora?|agente|encargad[oa]|alguien)?|\b(persona real|un humano|un asesor)\b/;

/** A message that wants no answer: only signs, or a word of assent. */
export const wantsNothing = /^(ok(ay|i)?|okey|vale|va|listo|perfecto?|great|cool|fine|sure|si|yes|[^\p{L}\p{N}])*$/u;

const spanish =
  /[¿¡ñ]|\b(hola|buenas|buenos|gracias|precios?|cuanto|cuesta|horario|donde|que|como|quiero|tienen|hablar|persona|mi|me|llamo|correo|por|para|una?|el|la|los|las|esta|abren|cierran)\b/g;
const english =
  /\b(hi|hello|hey|thanks|thank|price|much|open|where|what|how|want|have|my|name|is|email|the|a|an|you|your|do|are|for|to|person)\b/g;

/** The language of the texts; `otherwise` when they tell none. */
export function languageOf(texts: readonly string[], otherwise: "en" | "es"): "en" | "es" {
  const whole = texts.join("\n").toLowerCase();
  const es = (whole.match(/[¿¡ñ]/g)?.length ?? 0) + (plain(whole).match(spanish)?.length ?? 0);
  const en = plain(whole).match(english)?.length ?? 0;
  return es === en ? otherwise : es > en ? "es" : "en";
}
