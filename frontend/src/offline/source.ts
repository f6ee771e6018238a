/** The explorer without a server: answers from files beside the page, and from the graph in the browser (Oxigraph) where a query is asked. */

import {
  type About, 
  asking, BASE, type Card, type Found, type Lang, type Names, type Network, pathOf, type Question, RESULTS,type Reason, Refused, type Results, type Schema, type Source, type Thing, type Timeline,
} from "../api";
import { isIri } from "../names";
import { dayTerm, iriOf } from "../parameters";
import { curie } from "../sparql/completion";
import { steps } from "./chain-rows";
import { engine } from "./engine";
import type { Answered } from "./evaluate";
import { asOf, chain, neighbourhood } from "./network";
import { finder, type Named } from "./search";

/** The back end in a folder of files, beside which is the graph itself. */
export function files(folder: string, page = new URL("./", document.baseURI)): Source {
  const { kept } = asking(new URL(folder, page));
  const ask = engine(new URL("sekg.trig", page));

  const about = (): Promise<About> => kept("about.json");
  const schema = (): Promise<Schema> => kept("schema.json");
  const whole = (): Promise<Network> => kept("whole.json");
  const names = (): Promise<{ found: Named[] }> => kept("names.json");
  const timeline = (): Promise<Timeline> => kept("timeline.json");
  const questions = (): Promise<{ questions: Question[] }> => kept("questions.json");
  let find: ReturnType<typeof finder> | null = null;

  async function near(focus: string, depth: number): Promise<Network> {
    const found = neighbourhood(await whole(), focus, depth);
    return found.nodes.length ? found : { nodes: [await alone(focus)], edges: [], names: {} };
  }

  /** A thing to which nothing is linked. */
  async function alone(iri: string): Promise<Thing> {
    const [{ found }, { dated }] = await Promise.all([names(), timeline()]);
    const known = found.find((one) => one.iri === iri);
    if (!known || iri.startsWith(`${BASE}source/`)) throw new Refused("missing", `nothing is known of <${iri}>`);
    const when = dated.find((one) => one.iri === iri);
    return { iri, kind: known.kind, labels: known.labels, x: 0, y: 0, from: when?.begun ? when.from : null, to: when && !when.open ? when.to : null };
  }

  async function linked(from: string, to: string, day: string | null): Promise<Network> {
    const found = chain(day ? asOf(await whole(), day) : await whole(), from, to);
    if (!found) throw new Refused("missing", `no chain of facts between <${from}> and <${to}>`);
    return found;
  }

  async function card(iri: string, day: string | null): Promise<Card> {
    const found = await kept<Card>(`things/${pathOf(iri)}.json`);
    return day ? { ...found, ...(await statesOn(found, day)) } : found;
  }

  /** What is known, for a day, of a thing and of those on its card, by the query that the server runs. */
  async function statesOn(card: Card, day: string): Promise<Pick<Card, "states" | "names">> {
    const { sparql, names } = await kept<{ sparql: string; names: Names }>("states.json");
    const { results } = JSON.parse((await evaluated(sparql, RESULTS, { day: dayTerm(day) })).text) as Results;
    const ends = new Set([card.iri, ...card.groups.flatMap(({ facts }) => facts.flatMap(({ other, tenures }) => (isIri(other) ? [other.iri, ...tenures] : [])))]);
    const known = (results?.bindings ?? []).flatMap(({ thing, state }) => (thing && state && ends.has(thing.value) ? [[thing.value, state.value] as const] : []));
    return { states: Object.fromEntries(known), names: { ...card.names, ...names } };
  }

  async function search(text: string, limit: number): Promise<{ found: Found[] }> {
    find ??= finder((await names()).found);
    return { found: find(text, limit) };
  }

  async function why(subject: string, predicate: string, object: string): Promise<{ reason: Reason; names: Names }> {
    const { reasons, names } = await kept<{ reasons: Reason[]; names: Names }>(`why/${pathOf(subject)}.json`);
    const reason = reasons.find((one) => one.predicate === predicate && "iri" in one.object && one.object.iri === object);
    if (!reason) throw new Refused("missing", "this fact is not inferred, or not known");
    return { reason, names };
  }

  async function table(kind: string): ReturnType<Source["table"]> {
    const { prefixes } = await schema();
    return kept(`table/${encodeURIComponent(curie(kind, prefixes).replace(":", "."))}.json`);
  }

  async function evaluated(query: string, accept: string, values: Record<string, string>, signal?: AbortSignal): Promise<Answered> {
    const [{ prefixes }, { timeout }] = await Promise.all([schema(), about()]);
    return ask({ query, values, accept, prefixes }, timeout, signal);
  }

  async function answer(name: string, lang: Lang, parameters: Record<string, string>): Promise<Results> {
    const question = (await questions()).questions.find((one) => one.name === name);
    if (!question) throw new Refused("missing", `no question “${name}”`);
    const unknown = Object.keys(parameters).find((one) => !Object.hasOwn(question.parameters, one));
    if (unknown) throw new Refused("malformed", `${name} has no parameter “${unknown}”`);
    const given = Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== "UNDEF"));
    const usual = (): Promise<Results> => kept(`answers/${encodeURIComponent(name)}.${lang}.json`);
    if (question.computed) return measured(question, given, usual);
    return evaluated(question.sparql, RESULTS, { ...given, lang }).then(({ text }) => JSON.parse(text) as Results, (error: unknown) => {
      if (Object.keys(given).length || !isMissing(error)) throw error;
      return usual();
    });
  }

  /** The answer to a question that SPARQL cannot answer. */
  async function measured(question: Question, given: Record<string, string>, usual: () => Promise<Results>): Promise<Results> {
    if (!Object.keys(given).length) return usual();
    if (question.name !== "chain") throw new Refused("missing", "without a server this question is answered for its usual values only");
    const { prefixes } = await schema();
    const [from, to] = ["from", "to"].map((end) => iriOf(given[end] ?? question.parameters[end] ?? "", prefixes) ?? "");
    return steps(await linked(from!, to!, null));
  }

  return {
    about, schema, whole, timeline, questions, card, search, why, table, answer,
    overview: () => kept("overview.json"),
    neighbourhood: near,
    chain: linked,
    places: () => kept("places.json"),
    sources: (lang) => kept(`sources.${lang}.json`),
    disputes: () => kept("disputes.json"),
    sparql: (query, format, signal) => evaluated(query, format, {}, signal),
  };
}

/** Whether the engine itself could not be had, so that a kept answer is better than none. */
const isMissing = (error: unknown): boolean => error instanceof Refused && ["unreachable", "missing"].includes(error.reproach);
