/** The parameters of a question as fields; a thing is typed as a name, chosen from suggestions, or as a term. */

import type { Question } from "../api";
import type { App } from "../app";
import { dayFrom, dayTerm, iriOf, isTerm, sortOf, termOf, unusual } from "../ask";
import { el, type Child } from "../dom";
import type { State } from "../state";
import { searchField } from "./search";

const PREFIX = "with-";

/** The parameters in the address that differ from the defaults. */
export function valuesIn({ params }: State, question: Question): Record<string, string> {
  const given = Object.entries(params).filter(([name]) => name.startsWith(PREFIX)).map(([name, value]) => [name.slice(PREFIX.length), value] as const);
  return unusual(question, Object.fromEntries(given));
}

interface Field {
  readonly name: string;
  readonly element: HTMLElement;
  /** The value as a term; null when what is typed is not known. */
  read(): Promise<string | null>;
}

/** A form that gives the parameters for the address; nothing for a question without any. */
export function askForm(app: App, question: Question, prefixes: Record<string, string>, ask: (params: Record<string, string>) => void): Child {
  const words = app.words().questions;
  const given = valuesIn(app.state(), question);
  const fields = Object.entries(question.parameters).map(([name, usual]) => field(app, name, usual, given[name] ?? usual, prefixes));
  if (!fields.length) return null;
  const note = el("p", { class: "note", role: "alert" });

  async function submit(): Promise<void> {
    const values: Record<string, string> = {};
    for (const { name, element, read } of fields) {
      const value = await read().catch(() => null);
      if (value === null) {
        note.textContent = words.unknownThing(element.querySelector("input")?.value.slice(0, 80) ?? "");
        element.querySelector("input")?.focus();
        return;
      }
      values[name] = value;
    }
    note.textContent = "";
    ask(Object.fromEntries(Object.entries(unusual(question, values)).map(([name, value]) => [PREFIX + name, value])));
  }

  return el(
    "form",
    { class: "controls ask", onsubmit: (event: Event) => { event.preventDefault(); void submit(); } },
    fields.map(({ element }) => element),
    el("button", { id: "ask", class: "main", type: "submit" }, words.ask),
    Object.keys(given).length > 0 && el("button", { id: "as-usual", type: "button", onclick: () => ask({}) }, words.asUsual),
    note,
  );
}

function field(app: App, name: string, usual: string, value: string, prefixes: Record<string, string>): Field {
  const title = app.words().questions.variables[name] ?? name;
  const sort = sortOf(usual);
  if (sort === "thing") return thingField(app, name, title, usual, value, prefixes);
  const input = el("input", {
    id: `ask-${name}`, type: sort === "day" ? "date" : "text", inputmode: sort === "number" ? "decimal" : null, autocomplete: "off",
    value: sort === "day" ? dayFrom(value) : value,
  });
  const read = async (): Promise<string> => (sort === "day" && input.value ? dayTerm(input.value) : input.value.trim() || usual);
  return { name, element: el("label", { class: "field" }, el("span", {}, title), input), read };
}

function thingField(app: App, name: string, title: string, usual: string, value: string, prefixes: Record<string, string>): Field {
  const shown = (term: string): string => {
    const iri = iriOf(term, prefixes);
    if (term === "UNDEF") return "";
    return iri && Object.keys(app.dictionary.labels(iri)).length ? app.name(iri) : term;
  };
  let chosen = value;
  const element = searchField(app, `ask-${name}`, title, take);
  const input = element.querySelector("input")!;
  element.classList.add("field");
  element.querySelector("label")?.classList.remove("unseen");
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", title);
  input.placeholder = usual === "UNDEF" ? app.words().questions.anything : app.words().questions.nameOrTerm;
  input.value = shown(value);

  function take(iri: string): void {
    chosen = termOf(iri);
    input.value = shown(chosen);
  }
  async function read(): Promise<string | null> {
    const typed = input.value.trim();
    if (!typed || typed === shown(chosen)) return typed ? chosen : usual;
    if (isTerm(typed)) return typed;
    const { found } = await app.source.search(typed, 1);
    const first = found[0];
    if (!first) return null;
    app.dictionary.learn({ [first.iri]: first.labels });
    take(first.iri);
    return chosen;
  }
  return { name, element, read };
}
