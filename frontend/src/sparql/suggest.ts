/** Suggestions at a place of a query, things and the properties in use included, which the back end knows. */

import { type Binding, RESULTS, type Results, type Schema } from "../api";
import type { App } from "../app";
import { called } from "../dictionary";
import { editorWords } from "../words/editor";
import { curie, fits, type Suggestion, suggestions } from "./completion";
import { classesAt, propertiesQuery } from "./context";

const TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
const THINGS = 8;
/** The letters from which things are searched for. */
const ENOUGH = 3;

export type Suggest = ReturnType<typeof suggester>;

export function suggester(app: App, schema: () => Schema) {
  const used = new Map<string, Promise<Suggestion[]>>();

  /** The properties of things of some classes, the most used first; none when the back end fails. */
  function properties(classes: readonly string[]): Promise<Suggestion[]> {
    const query = propertiesQuery(classes);
    const known = used.get(query);
    if (known) return known;
    const asked = inUse(app, query, schema()).catch(() => {
      used.delete(query);
      return [];
    });
    used.set(query, asked);
    return asked;
  }

  async function things(typed: string): Promise<Suggestion[]> {
    const text = typed.slice(typed.indexOf(":") + 1);
    if (/^[?$]/.test(typed) || text.length < ENOUGH) return [];
    const { found } = await app.source.search(text.replace(/-/g, " "), THINGS).catch(() => ({ found: [] }));
    app.dictionary.learnThings(found);
    const names = found.map(({ iri, name, labels, kind }): Suggestion => ({ text: curie(iri, schema().prefixes),
      sort: "thing", detail: `${called(labels, app.lang()) ?? name} · ${app.name(kind)}` }));
    const prefix = typed.slice(0, typed.indexOf(":") + 1);
    return names.filter((one) => one.text.startsWith(prefix));
  }

  /** Suggestions for what is typed before a place; `typed` is the word that ends there. */
  return async (typed: string, text: string, at: number, isExplicit: boolean): Promise<Suggestion[]> => {
    const classes = classesAt(text, at - typed.length, schema().prefixes);
    const first = classes?.length ? await properties(classes) : [];
    if (!typed && !isExplicit) return first;
    const own = first.filter((one) => fits(one, typed));
    const rest = suggestions(typed, text, schema(), app.lang());
    const named = await things(typed);
    const isThing = /^[a-z]+:/.test(typed) && !rest.some(({ sort }) => sort === "class" || sort === "property");
    const all = isThing ? [...own, ...named, ...rest] : [...own, ...rest.slice(0, 40), ...named];
    return all.filter((one, place) => all.findIndex(({ text: other }) => other === one.text) === place);
  };
}

async function inUse(app: App, query: string, { prefixes, properties }: Schema): Promise<Suggestion[]> {
  const labels = new Map(properties.map(({ iri, labels }) => [iri, labels]));
  const { text } = await app.source.sparql(query, RESULTS);
  const { results } = JSON.parse(text) as Results;
  const { fill } = app.words();
  const isOther = ({ property }: Binding): boolean => property?.value !== TYPE; // the query has the class already
  return (results?.bindings ?? []).filter(isOther).flatMap(({ property, count }) => {
    if (!property) return [];
    const n = fill(editorWords(app.lang()).times, { n: Number(count?.value ?? 0) });
    const name = called(labels.get(property.value), app.lang());
    return [{ text: curie(property.value, prefixes), sort: "property" as const, detail: name ? `${name} · ${n}` : n }];
  });
}
