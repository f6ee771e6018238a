/** The parameters of a question as fields; a thing is typed as a name or term, or chosen from suggestions. */

import { type Found, type Labels, type Property, type Question, RESULTS, type Results, type Schema } from "../api";
import type { App } from "../app";
import { called } from "../dictionary";
import { type Child, el } from "../dom";
import { fetchLabels } from "../fetch-labels";
import { fold, holds } from "../fold";
import { alikeTo, calledExactly, dayFrom, dayTerm, iriOf, isAlike, isOfKind, isTerm, sortOf, termOf,
  unusual } from "../parameters";
import type { State } from "../state";
import { variableName } from "../words/variables";
import { searchField, type Things } from "./search";

const PREFIX = "with-";
const PROPERTY = "http://www.w3.org/1999/02/22-rdf-syntax-ns#Property";

/** The values of the address; the chosen day for a question about a day, unless the address has another. */
export function valuesIn({ params, day }: State, question: Question): Record<string, string> {
  const given = Object.entries(params).filter(([name]) => name.startsWith(PREFIX))
    .map(([name, value]) => [name.slice(PREFIX.length), value] as const);
  return unusual(question, { ...(day && { day: dayTerm(day) }), ...Object.fromEntries(given) });
}

/** The most things that are offered before anything is typed. */
const FEW = 60;
/** The most hits that a back end returns. */
const MOST = 100;

interface Field {
  readonly name: string;
  readonly element: HTMLElement;
  /** The value as a term, or why the input is invalid. */
  read(): Promise<{ term: string } | { doubt: string }>;
}

/** A form for the parameters, which `ask` gets for the address; null without parameters. */
export function askForm(app: App, question: Question, schema: Schema,
    ask: (params: Record<string, string>) => void): Child {
  const words = app.words().questions;
  const given = valuesIn(app.state(), question);
  const fields = Object.entries(question.parameters)
    .map(([name, usual]) => field(app, name, usual, given[name] ?? usual, schema));
  if (!fields.length) return null;
  const note = el("p", { class: "note", role: "alert" });

  async function submit(): Promise<void> {
    const values: Record<string, string> = {};
    for (const { name, element, read } of fields) {
      const value = await read().catch(() => ({ doubt: app.words().trouble.unreachable }));
      if ("doubt" in value) {
        note.textContent = value.doubt;
        element.querySelector("input")?.focus();
        return;
      }
      values[name] = value.term;
    }
    note.textContent = "";
    ask(Object.fromEntries(Object.entries(unusual(question, values)).map(([name, value]) => [PREFIX + name, value])));
  }

  return el("form", { class: "controls ask", onsubmit: (event: Event) => { event.preventDefault(); void submit(); } },
    note,
    fields.map(({ element }) => element),
    el("button", { id: "ask", class: "main", type: "submit" }, words.ask),
    Object.keys(given).length > 0
      && el("button", { id: "as-usual", type: "button", onclick: () => ask({}) }, words.asUsual),
  );
}

function field(app: App, name: string, usual: string, value: string, schema: Schema): Field {
  const title = variableName(name, app.lang());
  const sort = sortOf(usual, name);
  if (sort === "thing") return thingField(app, name, title, usual, value, schema);
  const input = el("input", {
    id: `ask-${name}`, type: sort === "day" ? "date" : "text", inputmode: sort === "number" ? "decimal" : null,
    autocomplete: "off",
    value: sort === "day" ? dayFrom(value) : value,
  });
  const read = async (): Promise<{ term: string }> =>
    ({ term: sort === "day" && input.value ? dayTerm(input.value) : input.value.trim() || usual });
  return { name, element: el("label", { class: "field" }, el("span", {}, title), input), read };
}

function thingField(app: App, name: string, title: string, usual: string, value: string, schema: Schema): Field {
  const { fill, questions: words } = app.words();
  const { prefixes } = schema;
  const shown = (term: string): string => {
    const iri = iriOf(term, prefixes);
    if (term === "UNDEF") return "";
    return iri && app.dictionary.isNamed(iri) ? app.name(iri) : term;
  };
  let chosen = value;
  const fitting = whatFits(app, name, usual, schema);
  const { look, none } = fitting;
  const { element, input } = searchField(app, `ask-${name}`, title, take, fitting);
  element.classList.add("field");
  element.querySelector("label")?.classList.remove("unseen");
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", title);
  input.placeholder = usual === "UNDEF" ? words.anything : words.nameOrTerm;
  input.value = shown(value);

  function take(iri: string, term = termOf(iri)): void {
    chosen = term;
    input.value = shown(chosen);
  }
  async function read(): Promise<{ term: string } | { doubt: string }> {
    if (!input.value.trim()) take(usual, usual);
    const typed = input.value.trim();
    if (!typed || typed === shown(chosen)) return { term: chosen };
    if (isTerm(typed)) return { term: typed };
    const found = await look(typed, MOST);
    const exact = calledExactly(found, typed);
    const text = typed.slice(0, 80);
    if (!exact) return { doubt: found.length ? fill(words.choose, { text }) : none(text) };
    app.dictionary.learnThings([exact]);
    take(exact.iri);
    return { term: chosen };
  }
  return { name, element, read };
}

/** The search for a parameter's value: among relations, things like its default, or all things. */
function whatFits(app: App, name: string, usual: string, { prefixes, properties }: Schema): Things {
  const { fill, questions: words } = app.words();
  const unknown = (text: string): string => fill(words.unknownThing, { text });
  const iri = iriOf(usual, prefixes);
  const isRelation = properties.some((one) => one.iri === iri);
  const lookForRelation = async (text: string, most: number) => relations(properties, text).slice(0, most);
  if (isRelation) return { look: lookForRelation, none: unknown };
  const kindOf = (thing: string): Promise<string | null> =>
    app.source.card(thing, null).then(({ kinds }) => kinds[0] ?? null, () => null);
  const kind = iri && isOfKind(name, usual) ? kindOf(iri) : Promise.resolve(null);
  let like: string | null = null;
  return {
    async look(text, most, signal) {
      like = await kind;
      const { found } = await app.source.search(text, MOST, signal);
      return found.filter((one) => like === null || isAlike(one.kind, like)).slice(0, most);
    },
    offer: async () => few(app, await kind),
    none: (text) => (like === null ? unknown(text) : fill(words.noneOfKind, { kind: app.name(like), text })),
  };
}

/** The things of a kind by name, when they are few enough to choose from. */
async function few(app: App, kind: string | null): Promise<Found[]> {
  if (kind === null) return [];
  const kinds = alikeTo(kind).map((one) => `<${one}>`).join(" ");
  const query = `SELECT DISTINCT ?thing WHERE { VALUES ?kind { ${kinds} } ?thing a ?kind } LIMIT ${FEW + 1}`;
  const { results } = JSON.parse((await app.source.sparql(query, RESULTS)).text) as Results;
  const things = (results?.bindings ?? []).flatMap(({ thing }) => (thing?.type === "uri" ? [thing.value] : []));
  if (things.length > FEW) return [];
  await fetchLabels(app, things);
  const collator = new Intl.Collator(app.words().locale);
  const labels = (iri: string): Labels =>
    ({ pl: app.dictionary.name(iri, "pl"), en: app.dictionary.name(iri, "en") });
  return things.filter((iri) => app.dictionary.isNamed(iri))
    .map((iri): Found => ({ iri, kind, name: app.name(iri), labels: labels(iri) }))
    .sort((one, other) => collator.compare(one.name, other.name));
}

const relations = (properties: readonly Property[], text: string): Found[] =>
  properties
    .filter(({ labels }) => holds(fold(Object.values(labels).join(" ")), text))
    .map(({ iri, labels }) => ({ iri, labels, kind: PROPERTY, name: called(labels, "en") ?? iri }));
