import type { Caller } from "./target.ts";

/** What each caller is answered; `in` stands for the status of a route that lets the caller in. */
type Answers = Readonly<Record<Caller, number | "in">>;

/** The same for everybody: nothing is behind it, or it has a proof of its own (Meta's signature, the sign-in). */
const open: Answers = {
  nobody: "in",
  wrongToken: "in",
  program: "in",
  operator: "in",
  agent: "in",
  viewer: "in",
  forged: "in",
  foreign: "in",
};

/** For the admin token alone. */
const token: Answers = {
  ...open,
  nobody: 401,
  wrongToken: 401,
  operator: 401,
  agent: 401,
  viewer: 401,
  forged: 401,
  foreign: 401,
};

/** Reading by a program or a signed-in person. */
const read: Answers = { ...open, nobody: 401, wrongToken: 401 };

/** Changing something, likewise; a session must prove that it is its own page that asks. */
const write: Answers = { ...read, viewer: 403, forged: 403, foreign: 403 };

/** The same for admins alone. */
const adminWrite: Answers = { ...write, agent: 403 };

/** A page: whoever is not signed in is led to the sign-in. */
const page: Answers = { ...open, nobody: 303, wrongToken: 303, program: 303 };

/** A page for admins alone. */
const adminPage: Answers = { ...page, agent: 403, viewer: 403 };

/** A form of a page. */
const form: Answers = { ...page, viewer: 403, forged: 403, foreign: 403 };

/** A form that changes what is the caller's own. */
const ownForm: Answers = { ...form, viewer: "in" };

/** A form for admins alone. */
const adminForm: Answers = { ...form, agent: 403 };

/** The sign-in itself: for pages of this site. */
const signIn: Answers = { ...open, nobody: 403, wrongToken: 403, program: 403, foreign: 403 };

/**
 * Every route, who is let in, and what those are answered that ask for an `x` which does not exist, with an empty
 * body. A new route belongs here, or the test of this table fails.
 */
export const accessTable: Readonly<Record<string, readonly [Answers, number]>> = {
  "ALL /*": [open, 404],
  "GET /": [open, 303],
  "GET /healthz": [open, 200],
  "GET /readyz": [open, 200],
  "GET /metrics": [token, 200],

  "GET /webhook": [open, 403],
  "POST /webhook": [open, 401],
  "ALL /webhook": [open, 405],

  "POST /meta/data-deletion": [open, 401],
  "POST /meta/deauthorize": [open, 401],
  "ALL /meta/*": [open, 404],
  "GET /admin/deletion/:code": [open, 404],

  "ALL /api/v1/*": [read, 404],
  "GET /api/v1/conversations": [read, 200],
  "GET /api/v1/conversations/:id": [read, 404],
  "PATCH /api/v1/conversations/:id": [write, 404],
  "GET /api/v1/conversations/:id/messages": [read, 404],
  "POST /api/v1/conversations/:id/messages": [write, 422],
  "POST /api/v1/conversations/:id/notes": [write, 422],
  "POST /api/v1/conversations/:id/draft/send": [write, 422],
  "POST /api/v1/conversations/:id/draft/discard": [write, 422],
  "GET /api/v1/drafts/agreement": [read, 200],
  "GET /api/v1/conversations/:id/turns": [read, 404],
  "GET /api/v1/turns/:id": [read, 404],
  "GET /api/v1/outbound": [read, 200],
  "POST /api/v1/outbound/bulk": [write, 422],
  "GET /api/v1/outbound/:id": [read, 404],
  "POST /api/v1/outbound/:id/retry": [write, 404],
  "POST /api/v1/outbound/:id/arrived": [write, 404],
  "POST /api/v1/outbound/:id/restore": [write, 404],
  "POST /api/v1/outbound/:id/discard": [write, 404],
  "POST /api/v1/outbound/:id/cancel": [write, 404],
  "GET /api/v1/contacts/:id": [read, 404],
  "GET /api/v1/contacts/:id/export": [{ ...read, viewer: 403 }, 404],
  "PATCH /api/v1/contacts/:id": [write, 404],
  "POST /api/v1/contacts/:id/fields/:field/undo": [write, 422],
  "DELETE /api/v1/contacts/:id": [adminWrite, 404],
  "GET /api/v1/accounts": [read, 200],
  "POST /api/v1/accounts": [adminWrite, 422],
  "POST /api/v1/accounts/:id/resume": [adminWrite, 404],
  "GET /api/v1/settings": [read, 200],
  "PATCH /api/v1/settings": [adminWrite, 200],
  "GET /api/v1/knowledge": [read, 200],
  "POST /api/v1/knowledge": [adminWrite, 422],
  "GET /api/v1/knowledge/:id": [read, 404],
  "PUT /api/v1/knowledge/:id": [adminWrite, 422],
  "DELETE /api/v1/knowledge/:id": [adminWrite, 404],
  "GET /api/v1/canned-replies": [read, 200],
  "POST /api/v1/canned-replies": [write, 422],
  "GET /api/v1/canned-replies/:id": [read, 404],
  "PUT /api/v1/canned-replies/:id": [write, 422],
  "DELETE /api/v1/canned-replies/:id": [write, 404],
  "GET /api/v1/rules": [read, 200],
  "POST /api/v1/rules/test": [write, 422],
  "GET /api/v1/rules/rewind": [read, 200],
  "POST /api/v1/rules/rewind": [adminWrite, 422],
  "GET /api/v1/rules/rewind/:id": [read, 404],
  "POST /api/v1/rules/rewind/:id/cancel": [adminWrite, 404],
  "GET /api/v1/instances": [read, 200],
  "GET /api/v1/envelopes": [read, 200],
  "POST /api/v1/envelopes/:id/retry": [write, 404],
  "GET /api/v1/events": [read, 200],
  "POST /api/v1/simulator/messages": [write, 422],
  "POST /api/v1/simulator/events": [write, 422],
  "POST /api/v1/simulator/app-messages": [write, 422],
  "POST /api/v1/simulator/contacts": [write, 422],
  "POST /api/v1/simulator/faults": [write, 422],
  "POST /api/v1/simulator/clock": [write, 422],
  "GET /api/v1/simulator/clock": [read, 200],
  "GET /api/v1/simulator/log": [read, 200],
  "GET /api/v1/simulator/contacts": [read, 200],
  "GET /api/v1/simulator/threads/:psid": [read, 404],

  "ALL /admin/*": [page, 404],
  "ALL /admin/static/*": [page, 404],
  "GET /admin/static/moca.<hash>.css": [open, 200],
  "GET /admin/static/moca.<hash>.js": [open, 200],
  "GET /admin/login": [{ ...open, operator: 303, agent: 303, viewer: 303, forged: 303, foreign: 303 }, 200],
  "POST /admin/login": [signIn, 401],
  "GET /admin": [page, 303],
  "POST /admin/logout": [ownForm, 303],
  "GET /admin/display": [page, 200],
  "POST /admin/display": [ownForm, 303],
  "GET /admin/events": [page, 200],
  "GET /admin/frame": [page, 200],
  "GET /admin/inbox/:id/row": [page, 204],
  "GET /admin/inbox": [page, 200],
  "GET /admin/inbox/results": [page, 200],
  "GET /admin/inbox/list": [page, 200],
  "POST /admin/inbox/bulk": [form, 303],
  "GET /admin/inbox/:id/erase": [adminPage, 404],
  "POST /admin/inbox/:id/erase": [adminForm, 303],
  "POST /admin/inbox/views": [ownForm, 303],
  "POST /admin/inbox/views/remove": [ownForm, 303],
  "GET /admin/inbox/:id": [page, 404],
  "GET /admin/inbox/:id/earlier": [page, 204],
  "GET /admin/inbox/:id/timeline": [page, 204],
  "POST /admin/inbox/:id/messages": [form, 404],
  "POST /admin/inbox/:id/draft/:what{send|discard}": [form, 404],
  "POST /admin/inbox/:id/canned": [form, 404],
  "POST /admin/inbox/:id/typed": [form, 204],
  "POST /admin/inbox/:id/typed/discard": [form, 404],
  "POST /admin/inbox/:id/undo": [form, 404],
  "POST /admin/inbox/:id/change": [form, 404],
  "POST /admin/inbox/:id/contact": [form, 404],
  "POST /admin/inbox/:id/contact/undo": [form, 404],
  "GET /admin/dashboard": [page, 200],
  "GET /admin/turns/:id": [page, 404],
  "GET /admin/outbound/:id": [page, 404],
  "POST /admin/outbound/:id/:action{retry|arrived|discard|cancel|restore}": [form, 404],
  "GET /admin/queue": [page, 200],
  "GET /admin/queue/pace": [page, 200],
  "POST /admin/queue/bulk": [form, 303],
  "GET /admin/queue/all": [page, 404],
  "POST /admin/queue/all": [form, 404],
  "POST /admin/envelopes/:id/retry": [form, 404],
  "POST /admin/rules/switch": [adminForm, 404],
  "POST /admin/rules/move": [adminForm, 404],
  "POST /admin/rules/reload": [adminForm, 303],
  "GET /admin/rules": [page, 200],
  "GET /admin/rules/try": [page, 200],
  "GET /admin/rules/rewind": [page, 200],
  "POST /admin/rules/rewind": [adminForm, 422],
  "GET /admin/rules/rewind/:id": [page, 404],
  "POST /admin/rules/rewind/:id/cancel": [adminForm, 404],
  "GET /admin/knowledge": [adminPage, 200],
  "GET /admin/knowledge/new": [adminPage, 200],
  "GET /admin/knowledge/:id": [adminPage, 404],
  "POST /admin/knowledge": [adminForm, 404],
  "POST /admin/knowledge/:id": [adminForm, 404],
  "POST /admin/knowledge/:id/remove": [adminForm, 404],
  "GET /admin/replies": [page, 200],
  "GET /admin/replies/new": [page, 200],
  "GET /admin/replies/:id": [page, 404],
  "POST /admin/replies": [form, 404],
  "POST /admin/replies/:id": [form, 404],
  "POST /admin/replies/:id/remove": [form, 404],
  "GET /admin/settings": [adminPage, 200],
  "POST /admin/settings": [adminForm, 422],
  "POST /admin/settings/:id": [adminForm, 404],
  "POST /admin/settings/:id/token": [adminForm, 404],
  "POST /admin/settings/:id/test": [adminForm, 404],
  "POST /admin/settings/:id/resume": [adminForm, 404],
  "GET /admin/people": [adminPage, 200],
  "POST /admin/people": [adminForm, 422],
  "POST /admin/people/operators/:id/role": [adminForm, 404],
  "POST /admin/people/operators/:id/key": [adminForm, 404],
  "POST /admin/people/operators/:id/remove": [adminForm, 404],
  "POST /admin/people/sessions/:id/revoke": [adminForm, 404],
  "GET /admin/doctor": [adminPage, 200],
  "POST /admin/doctor": [adminForm, 200],
  "GET /admin/audit": [adminPage, 200],
  "GET /admin/audit/export.csv": [adminPage, 200],
  "GET /admin/audit/export.ndjson": [adminPage, 200],
  "GET /admin/simulator": [page, 200],
  "GET /admin/simulator/cases": [page, 200],
  "POST /admin/simulator/cases": [form, 422],
  "GET /admin/simulator/cases/run": [page, 200],
  "POST /admin/simulator/cases/run": [form, 404],
  "POST /admin/simulator/cases/cancel": [form, 303],
  "POST /admin/simulator/cases/:id/remove": [form, 404],
  "GET /admin/simulator/:persona/phone": [page, 204],
  "GET /admin/simulator/:persona/trace": [page, 204],
  "POST /admin/simulator/:persona/:what{text|burst|event}": [form, 404],
  "POST /admin/simulator/:persona/:what{faults|clock|clear}": [form, 404],
  "POST /admin/simulator/personas": [form, 422],
  "POST /admin/simulator/from/:id": [form, 404],
};

/** One request for a row of the table; a row for all methods and whatever follows is asked for what is not there. */
export function requestOf(row: string): { readonly method: string; readonly path: string } {
  const [method, pattern] = row.split(" ");
  const path = pattern.replace(/:\w+\{(\w+)[^}]*\}/g, "$1").replace(/:\w+/g, "x").replace("*", "no-such-thing");
  return { method: method === "ALL" ? (path.includes("no-such") ? "GET" : "PUT") : method, path };
}
