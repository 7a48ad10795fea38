import { html, type VNode } from "@views/html.ts";
import { languageLinks } from "@views/layout.ts";
import type { Ui } from "@views/ui.ts";

export interface LoginData {
  /** Where to go afterwards: a path of this site. */
  readonly next: string;
  readonly path: string;
  /** In words; absent at the first visit. */
  readonly problem?: string;
  /** As typed before; `admin` at the first visit. */
  readonly name?: string;
  readonly sandbox: boolean;
  /** Of Moca. */
  readonly version: string;
}

export function loginPage(ui: Ui, data: LoginData): VNode {
  const { t } = ui;
  const isBad = data.problem !== undefined;
  return html`
    <div class="login">
      <form method="post" action="/admin/login" class="card">
        <h1>Moca</h1>
        <p class="muted">${t("login.lead")}</p>
        ${isBad ? html`<p id="login-problem" class="problem" role="alert">${data.problem}</p>` : undefined}
        <input type="hidden" name="next" value=${data.next} />
        <label for="username">${t("login.name")}</label>
        <input id="username" type="text" name="username" value=${data.name ??
          "admin"} autocomplete="username" autocapitalize="none"
          spellcheck=${false} maxlength="30" required />
        <label for="token">${t("login.token")}</label>
        <input id="token" name="token" type="password" autocomplete="current-password" required autofocus
          aria-invalid=${isBad ? "true" : undefined}
          aria-describedby=${isBad ? "login-problem token-hint" : "token-hint"} />
        <p id="token-hint" class="hint">${t(data.sandbox ? "login.hint.sandbox" : "login.hint.live")}</p>
        <label class="tick" hidden><input type="checkbox" data-reveal="token" autocomplete="off" /> ${t(
          "login.show",
        )}</label>
        <label class="tick"><input type="checkbox" name="keep" value="yes" /> ${t("login.keep")}</label>
        <button class="button primary block">${t("login.submit")}</button>
      </form>
      ${languageLinks(ui, data.path)}
      <p class="muted small">Moca ${data.version}</p>
    </div>
  `;
}
