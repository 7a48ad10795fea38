/** A rule file to begin with, for who has none. */
export const sampleRule = {
  name: "70_keywords.yaml",
  text: `name: hours
description: Says when the shop is open
match:
  any: [hours, horario]
reply: "Mon–Sat 10:00–19:00"
`,
} as const;
