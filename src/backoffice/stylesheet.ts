/** The style of all pages: one file a part, later layers winning over earlier ones whatever their selectors. */
import normalize from "modern-normalize/modern-normalize.css" with { type: "text" };
import tokens from "@views/static/css/tokens.css" with { type: "text" };
import base from "@views/static/css/base.css" with { type: "text" };
import layout from "@views/static/css/layout.css" with { type: "text" };
import frame from "@views/static/css/frame.css" with { type: "text" };
import keys from "@views/static/css/keys.css" with { type: "text" };
import controls from "@views/static/css/controls.css" with { type: "text" };
import inbox from "@views/static/css/inbox.css" with { type: "text" };
import timeline from "@views/static/css/timeline.css" with { type: "text" };
import decision from "@views/static/css/decision.css" with { type: "text" };
import conversation from "@views/static/css/conversation.css" with { type: "text" };
import tables from "@views/static/css/tables.css" with { type: "text" };
import dashboard from "@views/static/css/dashboard.css" with { type: "text" };
import rules from "@views/static/css/rules.css" with { type: "text" };
import simulator from "@views/static/css/simulator.css" with { type: "text" };
import overrides from "@views/static/css/overrides.css" with { type: "text" };

const layers = "@layer reset, tokens, base, layout, components, overrides;";

/** Without comments and spaces that mean nothing, nearly a fifth of what would go over the line. */
function compact(css: string): string {
  return css.replaceAll(/\/\*.*?\*\//gs, "").replaceAll(/\s+/g, " ").replaceAll(/ ?([{};,]) ?/g, "$1")
    .replaceAll(";}", "}");
}

export const stylesheet: string = compact([
  layers,
  `@layer reset{${normalize}}`,
  tokens,
  base,
  layout,
  frame,
  keys,
  controls,
  inbox,
  timeline,
  decision,
  conversation,
  tables,
  dashboard,
  rules,
  simulator,
  overrides,
].join("\n"));
