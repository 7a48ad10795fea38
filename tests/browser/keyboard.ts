/** Hands that have a keyboard alone. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";

/** Stops of the tab key before a control counts as out of reach. */
const maxStops = 120;

type Role = "link" | "button" | "textbox" | "searchbox" | "checkbox" | "radio" | "combobox" | "summary";
type Pressed = "link" | "button" | "summary" | "checkbox" | "radio";

interface Wanted {
  readonly role: Role;
  readonly name: string;
  readonly region: string;
}

/** What can be done without a mouse. */
export class Keyboard {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.#page.keyboard.press(key);
  }

  async type(text: string): Promise<void> {
    await this.#page.keyboard.type(text);
  }

  /** Puts other text in place of what the field that has the focus holds. */
  async retype(text: string): Promise<void> {
    await this.press("Control+a");
    await this.type(text);
  }

  /**
   * Goes on from where the focus is to the control of that role whose name begins so, within `region` when it is given.
   * Throws when it is not come by before the page ends, naming the last stops.
   */
  async tabTo(role: Role, name: string, region = "body"): Promise<void> {
    await this.#seek("Tab", { role, name, region });
  }

  /** Goes there and presses it. */
  async use(role: Pressed, name: string, region = "body"): Promise<void> {
    await this.tabTo(role, name, region);
    await this.#act(role);
  }

  /** The same backwards: an opened conversation begins at its newest message, and what is above it lies behind. */
  async useBefore(role: Pressed, name: string, region = "body"): Promise<void> {
    await this.#seek("Shift+Tab", { role, name, region });
    await this.#act(role);
  }

  async #seek(key: "Tab" | "Shift+Tab", { role, name, region }: Wanted): Promise<void> {
    const stops: string[] = [];
    for (let stop = 0; stop < maxStops; stop += 1) {
      await this.press(key);
      const found = await this.#page.evaluate(focusedControl, region);
      if (found === undefined) break;
      if (found.isInside && found.role === role && found.name.startsWith(name)) return;
      stops.push(`${found.role} "${found.name}"`);
    }
    assert.fail(`Cannot come to ${role} "${name}" in ${region}, only by ${stops.slice(-40).join(", ") || "nothing"}`);
  }

  async #act(role: Pressed): Promise<void> {
    await this.press(role === "checkbox" || role === "radio" ? "Space" : "Enter");
  }

  /** After what was done, the focus is still somewhere. */
  async keepsFocus(): Promise<void> {
    assert.notEqual(await this.#page.evaluate(focusedControl, "body"), undefined, "the focus is lost to the body");
  }
}

interface Control {
  readonly role: string;
  readonly name: string;
  readonly isInside: boolean;
}

/** Runs in the page: what has the focus, as a screen reader would call it; undefined when nothing has. */
function focusedControl(region: string): Control | undefined {
  const focused = document.activeElement;
  if (!(focused instanceof HTMLElement) || focused === document.body) return undefined;
  const kinds: Readonly<Record<string, string>> = {
    A: "link",
    BUTTON: "button",
    TEXTAREA: "textbox",
    SELECT: "combobox",
    SUMMARY: "summary",
  };
  const inputs: Readonly<Record<string, string>> = { checkbox: "checkbox", radio: "radio", search: "searchbox" };
  const role = focused instanceof HTMLInputElement ? inputs[focused.type] ?? "textbox" : kinds[focused.tagName] ?? "";
  const labels = "labels" in focused ? [...focused.labels as NodeListOf<HTMLElement>] : [];
  const name = focused.getAttribute("aria-label") ??
    (labels.length > 0 ? labels.map(({ innerText }) => innerText).join(" ") : focused.innerText);
  return { role, name: name.replace(/\s+/g, " ").trim(), isInside: focused.closest(region) !== null };
}
