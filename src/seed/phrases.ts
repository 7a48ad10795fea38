/** What people ask a shop, and what it answers. Our own words. */
import type { Random } from "@/simulator/random.ts";
import { pick } from "@/seed/people.ts";

type Language = "es" | "en";

const questions: Readonly<Record<Language, readonly string[]>> = {
  es: [
    "Hola, ¿tienen {product} en talla {size}?",
    "¿Cuánto cuesta {article} {product} {color}?",
    "¿Hacen envíos a {city}? ¿Cuánto tarda?",
    "Buenas tardes, mi pedido {order} todavía no llega",
    "hola!! me encantó {article} {product}, ¿lo hay en {color}?",
    "¿Aceptan cambios si no me queda la talla {size}?",
    "Perdón, me equivoqué de dirección en el pedido {order} 🙈",
    "¿A qué hora abren mañana?",
    "¿Puedo pagar con transferencia?",
    "Quiero dos: {product} {color} y otro en talla {size}",
    "Me llegó roto 😢 ¿qué hago?",
    "Gracias, muy amables",
    "¿Van a reponer {product} {color} antes del viernes?",
    "hola, busco un regalo para mi hermana, algo en {color}",
    "ok, lo pienso y les aviso",
  ],
  en: [
    "Hi! Do you have the {product} in size {size}?",
    "How much is the {color} {product}?",
    "Do you ship to {city}? How long does it take?",
    "Hello, my order {order} has not arrived yet",
    "love the {product}, does it come in {color}?",
    "Can I return it if size {size} does not fit?",
    "Sorry, I typed the wrong address for order {order}",
    "What time do you open tomorrow?",
    "Can I pay on delivery?",
    "I would like two: a {color} {product} and one more in size {size}",
    "It arrived broken, what now?",
    "Thanks a lot, you are quick!",
    "Will you restock the {color} {product} before Friday?",
    "hello, I am looking for a present for my sister, something {color}",
    "ok let me think about it",
  ],
};

const answers: Readonly<Record<Language, readonly string[]>> = {
  es: [
    "¡Hola! Sí, tenemos {product} en talla {size}. ¿Te lo apartamos?",
    "Cuesta {price} pesos, con envío incluido.",
    "Claro, enviamos a {city}; tarda de tres a cinco días.",
    "Ya revisamos el pedido {order}: sale mañana por la mañana.",
    "Por ahora solo queda en {color}. ¿Te sirve?",
    "Abrimos de lunes a sábado, de diez a ocho.",
    "Con gusto lo cambiamos: tienes treinta días.",
    "Gracias a ti. Aquí seguimos para lo que necesites.",
  ],
  en: [
    "Hello! Yes, the {product} is there in size {size}. Shall we put it aside?",
    "It is {price} dollars, shipping included.",
    "Yes, we ship to {city}; it takes three to five days.",
    "We looked up order {order}: it leaves tomorrow morning.",
    "Only {color} is left for now. Would that do?",
    "We are open Monday to Saturday, ten to eight.",
    "Of course you can change it: you have thirty days.",
    "Thank you. Write whenever you need something.",
  ],
};

const slots: Readonly<Record<Language, Readonly<Record<string, readonly string[]>>>> = {
  es: {
    product:
      ("vestido,bolso,collar,tazón,cojín,abrigo,sombrero,cinturón,pañuelo,mochila,lámpara,libreta,vela,manta,jarrón," +
        "pulsera,camiseta,falda,chaqueta,sandalias").split(","),
    color: "azul,rojo,verde,negro,blanco,amarillo,morado,café,turquesa,mostaza".split(","),
    city: "Mérida,Bogotá,Sevilla,Quito,Puebla,Córdoba,Rosario,Lima,Cádiz,Oaxaca,Tampico,Arequipa".split(","),
    article: ["el", "la", "ese"],
  },
  en: {
    product:
      ("dress,bag,necklace,mug,cushion,coat,hat,belt,scarf,backpack,lamp,notebook,candle,blanket,vase,bracelet,shirt," +
        "skirt,jacket,sandals").split(","),
    color: "blue,red,green,black,white,yellow,purple,brown,teal,mustard".split(","),
    city: "Austin,Leeds,Bristol,Denver,Dublin,Portland,Cardiff,Tucson,Galway,Boulder,Norwich,Savannah".split(","),
  },
};

const sizes = "34,36,38,40,42,44,S,M,L,XL".split(",");

/** Each order's code stands in a text or two: the rare word of a search. */
export function makeQuestion(random: Random, language: Language): string {
  return fill(pick(random, questions[language]), { random, language });
}

export function makeAnswer(random: Random, language: Language): string {
  return fill(pick(random, answers[language]), { random, language });
}

function fill(text: string, { random, language }: { random: Random; language: Language }): string {
  return text.replaceAll(/\{(\w+)\}/g, (_, slot: string) => {
    if (slot === "size") return pick(random, sizes);
    if (slot === "order") return `M${100_000 + Math.floor(random() * 800_000)}`;
    if (slot === "price") return `${5 + Math.floor(random() * 90)}0`;
    return pick(random, slots[language][slot]);
  });
}
