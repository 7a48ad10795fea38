import type { Config } from "@/config.ts";
import { type Finding, ok, problem, warning } from "@/doctor/finding.ts";

const answerWithinMs = 10_000;
const openAiUrl = "https://api.openai.com/v1";

/** Calls the public address as Meta does when the webhook is set up. */
export async function checkWebhook({ publicUrl, verifyToken }: Config): Promise<readonly Finding[]> {
  if (publicUrl === undefined) return [];
  const subject = "webhook";
  const url = `${publicUrl}/webhook`;
  const query = new URLSearchParams({
    "hub.mode": "subscribe",
    "hub.verify_token": verifyToken,
    "hub.challenge": "moca-doctor",
  });
  const answer = await askUrl(`${url}?${query}`, {});
  if (answer === undefined) {
    return [warning(subject, `${url} does not answer`, "Start Moca, and point the proxy and the domain's DNS at it")];
  }
  if (answer.status === 200 && answer.body === "moca-doctor") return [ok(subject, `${url} answers as Meta wants`)];
  const cure = answer.status === 403
    ? "The running Moca has another META_VERIFY_TOKEN: start it again"
    : "Let the proxy pass /webhook to Moca unchanged";
  return [warning(subject, `${url} answers with status ${answer.status}`, cure)];
}

/** Asks the model's server which models it has. */
export async function checkModel({ mode, model }: Config): Promise<Finding> {
  const subject = "model";
  if (model === undefined) {
    if (mode === "sandbox") return ok(subject, "none is set, the demo model answers");
    const found = "none is set: what no rule answers waits for a person";
    return warning(subject, found, "Set OPENAI_API_KEY, or OPENAI_BASE_URL of a server that speaks OpenAI's API");
  }
  const url = `${model.baseUrl ?? openAiUrl}/models`;
  const answer = await askUrl(url, { authorization: `Bearer ${model.apiKey}` });
  if (answer === undefined) {
    return problem(subject, `${url} does not answer`, "Check OPENAI_BASE_URL, and that this machine may call it");
  }
  if (answer.status === 401 || answer.status === 403) {
    return problem(subject, `${url} refused the key (status ${answer.status})`, "Set a working OPENAI_API_KEY");
  }
  return judgeModels(answer, { url, name: model.name });
}

function judgeModels(answer: Answer, { url, name }: { url: string; name: string }): Finding {
  const names = modelNames(answer.body);
  if (answer.status !== 200 || names === undefined) {
    const found = `${url} answers with status ${answer.status} and no list of models`;
    return warning("model", found, "OPENAI_BASE_URL ends where /chat/completions begins, often in /v1");
  }
  return names.includes(name)
    ? ok("model", `answers are written by ${name} at ${new URL(url).host}`)
    : warning("model", `${new URL(url).host} does not list ${name}`, "Set OPENAI_MODEL to a model that it has");
}

function modelNames(body: string): readonly unknown[] | undefined {
  try {
    const { data } = JSON.parse(body);
    return Array.isArray(data) ? data.map((model) => model?.id) : undefined;
  } catch {
    return undefined;
  }
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Undefined when no answer came in time. */
async function askUrl(url: string, headers: Record<string, string>): Promise<Answer | undefined> {
  try {
    const signal = AbortSignal.timeout(answerWithinMs);
    const response = await fetch(url, { headers, redirect: "manual", signal });
    return { status: response.status, body: await response.text() };
  } catch {
    return undefined;
  }
}
