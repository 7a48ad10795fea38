import { defineRule, pass, silence } from "moca/rule";

/** A burst of which everything was answered before is not answered again. */
export default defineRule({
  name: "dedup",
  description: "Says nothing when every message was answered already",
  apply: ({ messages }) =>
    messages.length > 0 && messages.every(({ answered }) => answered)
      ? silence("every message of this burst was answered already")
      : pass(),
});
