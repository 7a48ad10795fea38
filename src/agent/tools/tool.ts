import { z } from "zod";
import type { FactProposal } from "@/conversation/facts.ts";
import type { FollowUpPlan } from "@/conversation/follow_up.ts";
import type { AgentDecision, AgentRequest } from "@/agent/agent.ts";

/**
 * What a tool call led to; nothing of it has an effect yet.
 * `ends`: the turn is decided · `learned`, `planned`, `closes`: noted, the turn goes on · `found`: what the model
 * wanted to read · `refused`: not done, the model is told why · `misused`: unreadable arguments, which a model may do
 * once in a turn.
 */
export type ToolOutcome =
  | { readonly kind: "ends"; readonly decision: AgentDecision; readonly topics?: readonly string[] }
  | { readonly kind: "learned"; readonly fact: FactProposal }
  | { readonly kind: "planned"; readonly plan: FollowUpPlan }
  | { readonly kind: "closes" }
  | { readonly kind: "found"; readonly text: string }
  | { readonly kind: "refused"; readonly problem: string }
  | { readonly kind: "misused"; readonly problem: string };

/**
 * Something that the model may ask for. A tool is given the request at hand by the server and takes no
 * recipient, account or address from the model.
 */
export interface AgentTool {
  readonly name: string;
  /** Read by the model. */
  readonly description: string;
  /** JSON Schema of the arguments. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** One call that ends the turn is wanted, and no second one beside it. */
  readonly endsTurn: boolean;
  call(args: unknown, request: AgentRequest): ToolOutcome | Promise<ToolOutcome>;
}

export interface ToolDefinition<Schema extends z.ZodType> {
  readonly name: string;
  readonly description: string;
  readonly endsTurn: boolean;
  readonly schema: Schema;
  readonly run: (args: z.infer<Schema>, request: AgentRequest) => ToolOutcome | Promise<ToolOutcome>;
}

/** Makes a tool whose arguments are checked before it runs. */
export function defineTool<Schema extends z.ZodType>(definition: ToolDefinition<Schema>): AgentTool {
  const { name, description, endsTurn, schema, run } = definition;
  return {
    name,
    description,
    endsTurn,
    parameters: z.toJSONSchema(schema, { io: "input" }),
    call: (args, request) => {
      const parsed = schema.safeParse(args);
      return parsed.success ? run(parsed.data, request) : { kind: "misused", problem: wording(parsed.error) };
    },
  };
}

/** Why a turn ends so, in words for the people of the business. */
export const turnReason = z.string().trim().min(1).max(300).describe(
  "Why, in a few words for the people of the business",
);

/** The first three issues in one line. */
function wording(error: z.ZodError): string {
  const issues = error.issues.slice(0, 3).map(({ path, message }) =>
    path.length === 0 ? message : `${path.map(String).join(".")}: ${message}`
  );
  return `wrong arguments: ${issues.join("; ")}`.slice(0, 300);
}
