/** Which language a text is in, by its script and its small words: enough to notice an answer in the wrong one. */

/** Words that are common in one language; those of several count for each. */
const smallWords: Readonly<Record<string, ReadonlySet<string>>> = {
  en: words(
    "the and you your is are was for with what how much many do does have has can could this that would like when " +
      "where which please thanks thank we our not but from they will there it my about just any want need hi hello " +
      "open opens close price cost",
  ),
  es: words(
    "el la los las de que por para con una un es esta estan como cuanto cuanta tienen tengo puedo puede quiero hola " +
      "gracias pero muy mas mi su nuestro nuestra del al y lo se si hay cuando donde cual me te le porque tambien " +
      "desde hasta estamos somos abrimos precio cuesta buenos buenas",
  ),
  pt: words(
    "o os as uma um que nao de para com voce voces esta quanto quanta tem tenho posso pode quero ola obrigado " +
      "obrigada mas muito mais meu minha seu nosso do da dos das e em no na quando onde qual tambem bom boa dia",
  ),
  fr: words(
    "le la les des est une un pour avec vous nous je que combien bonjour merci avez puis mais tres plus mon ma votre " +
      "notre du au et en dans quand ou quel pas ne sur sont etes suis ce cette prix quels quelle quelles vos oui horaires",
  ),
  de: words(
    "der die das und ist ein eine fur mit sie ich wie viel haben kann danke hallo aber sehr mehr mein ihr unser zu im " +
      "in wann wo welche nicht auf sind bin wir es den dem von bitte",
  ),
  it: words(
    "il lo gli che una un per con e quanto quanta avete ho posso puo vorrei ciao grazie ma molto piu mio suo nostro " +
      "del della di quando dove quale non su sono siamo mi ti si c'e buongiorno",
  ),
};

/** Scripts that tell the language, or a family of them, by themselves. */
const scripts: Readonly<Record<string, RegExp>> = {
  ja: /[\p{Script=Hiragana}\p{Script=Katakana}]/gu,
  zh: /\p{Script=Han}/gu,
  ko: /\p{Script=Hangul}/gu,
  ru: /\p{Script=Cyrillic}/gu,
  ar: /\p{Script=Arabic}/gu,
  he: /\p{Script=Hebrew}/gu,
  el: /\p{Script=Greek}/gu,
  th: /\p{Script=Thai}/gu,
  hi: /\p{Script=Devanagari}/gu,
};

/** Small words that a text must have before its language counts as known. */
const leastWords = 3;

/** How much further ahead of the next one the language must be. */
const lead = 1.5;

/** The two-letter code of the language, or of a script's best known one; undefined when the text does not tell. */
export function languageOf(text: string): string | undefined {
  return byScript(text) ?? bySmallWords(text);
}

function byScript(text: string): string | undefined {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const found = Object.entries(scripts).find(([, script]) => {
    const count = text.match(script)?.length ?? 0;
    return count >= 2 && count * 4 >= letters;
  });
  return found?.[0];
}

function bySmallWords(text: string): string | undefined {
  const said = fold(text).match(/[\p{L}']+/gu) ?? [];
  const counts = Object.entries(smallWords)
    .map(([language, list]) => ({
      language,
      count: said.filter((word) => list.has(word)).length + signs(text, language),
    }))
    .toSorted((a, b) => b.count - a.count);
  const [first, second] = counts;
  if (first === undefined || first.count < leastWords || first.count < lead * (second?.count ?? 0)) return undefined;
  return first.language;
}

/** Letters and signs that only one of the languages has. */
function signs(text: string, language: string): number {
  const own: Readonly<Record<string, RegExp>> = { es: /[¿¡ñ]/g, pt: /[ãõ]/g, de: /[ßäöü]/g, fr: /[œêèç]/g };
  return Object.hasOwn(own, language) ? text.toLowerCase().match(own[language])?.length ?? 0 : 0;
}

function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(" "));
}
