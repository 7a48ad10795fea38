/** Answers for what cannot be done: a page in words, never how the program looks inside. */
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { BackofficeDeps } from "@/backoffice/deps.ts";
import { signedOutFrame, signedOutUi } from "@/backoffice/page.ts";
import { getLogger } from "@/log.ts";
import { StoreUnavailableError } from "@/store/store.ts";
import { layout } from "@views/layout.ts";
import { type Problem, problemPage } from "@views/problem.ts";

/** A page that needs nothing from the store, so that it can be shown when the store is what is missing. */
export function respondProblem(
  deps: BackofficeDeps,
  c: Context,
  { problem, status }: { problem: Problem; status: ContentfulStatusCode },
): Response {
  const ui = signedOutUi(deps, c);
  const content = { title: ui.t(`problem.${problem}.title`), body: problemPage(ui, problem), shape: "page" as const };
  return c.html(layout(ui, signedOutFrame(deps, c), content), status);
}

export function notFound(deps: BackofficeDeps, c: Context): Response {
  return respondProblem(deps, c, { problem: "notFound", status: 404 });
}

/** The last resort: says that something broke, and tells the log what. */
export function handleError(deps: BackofficeDeps): (error: Error, c: Context) => Response {
  return (error, c) => {
    if (error instanceof HTTPException) return error.getResponse();
    getLogger("backoffice").error("a page failed: {method} {path}: {error}", {
      method: c.req.method,
      path: c.req.path,
      error,
    });
    const isStore = error instanceof StoreUnavailableError;
    return respondProblem(
      deps,
      c,
      isStore ? { problem: "unavailable", status: 503 } : { problem: "broken", status: 500 },
    );
  };
}
