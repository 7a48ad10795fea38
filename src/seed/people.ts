/** People who do not exist, as a shop in Spanish and English would know them. */
import type { Random } from "@/simulator/random.ts";

export interface Person {
  readonly name: string;
  readonly username: string;
  readonly language: "es" | "en";
}

const firstNames = {
  es:
    ("Lucía,Martina,Sofía,Valentina,Camila,Renata,Jimena,Inés,Noa,Abril,Ximena,Paula,Rocío,Begoña,Úrsula,Mateo,Thiago,Diego," +
      "Álvaro,Iker,Joaquín,Bruno,Emiliano,Ángel,Nicolás,Óscar,Rubén,Julián,Gael,Íñigo").split(","),
  en:
    ("Amelia,Harper,Nora,Ivy,Grace,Chloe,Zoe,Ruby,Hazel,Freya,Maya,Imogen,Piper,Tess,Willa,Oliver,Noah,Ethan,Leo,Jack," +
      "Miles,Owen,Theo,Felix,Caleb,Jude,Rowan,Silas,Hugo,Wesley").split(","),
} as const;

const lastNames = {
  es:
    ("Núñez,Ibáñez,Zúñiga,Peña,Muñoz,Castañeda,Ordóñez,Gutiérrez,Rodríguez,Fernández,Álvarez,Márquez,Ríos,Solís,Vega," +
      "Molina,Campos,Herrera,Cordero,Quintana,Salgado,Robledo,Tejada,Valverde,Urrutia,Echeverría,Bárcena,Lozano,Mejía,Arce")
      .split(","),
  en:
    ("Whitaker,Ellison,Marlowe,Prescott,Hale,Thornton,Ashby,Calloway,Draper,Finch,Garland,Holloway,Kerr,Langley,Mercer," +
      "Norwood,Osborne,Pemberton,Quigley,Rhodes,Sutton,Tilley,Underhill,Vance,Winslow,Yates,Abbott,Barlow,Crane,Dalton")
      .split(","),
} as const;

const tails = ["", ".", "_", ".mx", ".real", "_art", ".fit", "_shop", ".photos", "_"] as const;

/** Person number `index`; the handle holds the number, so that no two are the same. */
export function makePerson(random: Random, index: number): Person {
  const language = random() < 0.6 ? "es" : "en";
  const first = pick(random, firstNames[language]);
  const last = pick(random, lastNames[language]);
  const handle = `${plain(first)}${pick(random, [".", "_", ""])}${plain(last)}${pick(random, tails)}${index}`;
  return { name: `${first} ${last}`, username: handle, language };
}

export function pick<Item>(random: Random, items: readonly Item[]): Item {
  return items[Math.floor(random() * items.length)];
}

function plain(text: string): string {
  return text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
}
