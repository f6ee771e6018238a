/** The forms of an answer (table, network, map, chart, raw): buttons, why one is unavailable, and the chosen form. */

import type { App } from "../app";
import { el, swap } from "../dom";
import { whyNotLocated } from "../map/places";
import type { Answer } from "../sparql/answer";
import { whyNotDrawn } from "../sparql/answer-network";
import { whyNotCharted } from "../sparql/charted";
import { withParams } from "../state";
import type { Mounted } from "./view";
import "../styles/results.css";

const FORMS = ["table", "network", "map", "chart", "raw"] as const;
type Form = (typeof FORMS)[number];

/** The forms that a view draws itself. */
export type Own = { table(place: HTMLElement): void; raw?(place: HTMLElement): void };

export interface Forms extends Mounted {
  readonly buttons: HTMLElement;
  readonly body: HTMLElement;
}

const DRAWN = {
  network: { whyNot: whyNotDrawn, load: () => import("../sparql/result-network") },
  map: { whyNot: whyNotLocated, load: () => import("../map/result-map") },
  chart: { whyNot: whyNotCharted, load: () => import("../sparql/chart") },
} as const;
type Drawn = keyof typeof DRAWN;
const isDrawn = (form: Form): form is Drawn => form in DRAWN;

/** `about` are the things in the question, which an answer need not repeat. */
export function forms(app: App, answer: Answer, own: Own, about: readonly string[] = []): Forms {
  const words = app.words().forms;
  const asked = FORMS.find((form) => form === app.state().params.form) ?? "table";
  const wanted = asked === "raw" && !own.raw ? "table" : asked;
  const note = el("p", { class: "form-note", role: "status" });
  const body = el("div", { class: "result" });
  let live: Mounted | null = null;
  let isGone = false;

  const buttons = FORMS.filter((form) => form !== "raw" || own.raw).map((form) => ({ form, button: choice(form) }));
  const group = el("div", { class: "form-choice" }, el("div",
    { class: "segmented", role: "group", "aria-label": words.group }, buttons.map(({ button }) => button)), note);

  function choice(form: Form): HTMLElement {
    return el("button", { id: `form-${form}`, "aria-pressed": String(form === wanted),
      onclick: (event: MouseEvent) => choose(form, event.currentTarget as HTMLElement) }, words.names[form]);
  }

  function choose(form: Form, button: HTMLElement): void {
    if (button.getAttribute("aria-disabled") === "true") swap(note, button.title);
    else app.store.adjust({ params: withParams(app.state(), { form: form === "table" ? null : form }) });
  }

  /** Enables the button of a drawn form, or tells why the form is unavailable. */
  async function offer({ form, button }: { form: Form; button: HTMLElement }): Promise<void> {
    if (!isDrawn(form)) return;
    refuse(button, words.checking);
    const reason = await DRAWN[form].whyNot(app, answer, about).catch(() => app.words().trouble.unreachable);
    if (isGone) return;
    refuse(button, reason);
    if (form === wanted) void begin(reason ? "table" : form, reason);
  }

  async function begin(form: Form, reason: string | null): Promise<void> {
    for (const one of buttons) one.button.setAttribute("aria-pressed", String(one.form === form));
    swap(note, reason);
    if (!isDrawn(form)) return own[form]?.(body);
    try {
      const { draw } = await DRAWN[form].load();
      const drawn = isGone ? null : await draw(app, body, answer, about);
      if (isGone) drawn?.leave();
      else live = drawn;
    } catch (error) {
      if (!isGone) swap(body, app.trouble(error, () => void begin(form, reason)));
    }
  }

  if (isDrawn(wanted)) swap(body, el("p", { class: "waiting" }, app.words().loading));
  else void begin(wanted, null);
  for (const one of buttons) void offer(one);

  return {
    buttons: group,
    body,
    update: () => live?.update(),
    leave() {
      isGone = true;
      live?.leave();
    },
  };
}

/** Disables a button for a reason; null enables it. */
function refuse(button: HTMLElement, reason: string | null): void {
  button.setAttribute("aria-disabled", String(reason !== null));
  button.title = reason ?? "";
}
