import { z } from "zod";
import { visibleText } from "@/agent/invisible.ts";
import { defineTool } from "@/agent/tools/tool.ts";

/** Documents that one search shows. */
const maxShown = 3;

export const searchKnowledge = defineTool({
  name: "search_knowledge",
  description: "Looks up what the business has written down, by words. It does not end your turn and sends nothing. " +
    "Call it before you answer a question that persona and knowledge do not settle.",
  endsTurn: false,
  schema: z.strictObject({
    query: z.string().trim().min(2).max(200).describe("A few words that the business would use for it"),
  }),
  run: async ({ query }, { knowledge }) => {
    const found = (await knowledge.search(query)).slice(0, maxShown);
    const passages = found.map(({ title, text }) =>
      `From "${visibleText(title)}":
${visibleText(text)}`
    );
    const text = passages.length === 0
      ? "nothing was found: say that you do not know, or hand off"
      : passages.join("\n\n");
    return { kind: "found", text };
  },
});
