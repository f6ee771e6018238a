/** Keeps the graph in step with the state: loads and merges the start, the expanded things and the chain. */

import { type Network, Refused, type Source, type Thing } from "./api";
import type { Dictionary } from "./dictionary";
import { edgeKey, empty, type Graph, merge, roomBeside } from "./graph";
import { type Composed, composed, type Folded } from "./network/folding";
import { radial, type Sector } from "./network/radial";
import type { State, Store } from "./state";

export type Exploration = ReturnType<typeof exploration>;
type Listener = (phase: "changing" | "changed") => void;
interface Part {
  name: string;
  ask: (source: Source, signal: AbortSignal) => Promise<Network>;
  /** The thing whose neighbours these are. */
  around?: string;
}

function parts({ start, expanded, chain, day }: State): Part[] {
  const near = (iri: string): Part =>
    ({ name: `near ${iri}`, ask: (source, signal) => source.neighbourhood(iri, 1, signal), around: iri });
  const first: Part = typeof start === "object" ? near(start.focus)
    : { name: start, ask: (source, signal) => source[start](signal) };
  const found = [first, ...expanded.map(near)];
  const name = `chain ${chain?.join(" ")} ${day ?? ""}`;
  if (chain) found.push({ name, ask: (source) => source.chain(...chain, day) });
  return found;
}

/** What the picture is made of: the parts that arrived, and how they are drawn. */
interface Made {
  parts: (Part & { network: Network })[];
  folded: readonly Folded[];
  undrawn: Composed["undrawn"];
  sectors: readonly Sector[];
}

const NOTHING: Made = { parts: [], folded: [], undrawn: { things: [], facts: [] }, sectors: [] };

export function exploration(source: Source, store: Store, dictionary: Dictionary) {
  const graph = empty();
  const listeners = new Set<Listener>();
  const tell: Listener = (phase) => {
    for (const listener of [...listeners]) listener(phase);
  };
  let made = NOTHING;
  let wanted = "";
  let isReady = false;
  let isGrouped = false;
  let trouble: unknown = null;
  let chain: readonly string[] = [];
  let asking = new AbortController();

  async function follow(): Promise<void> {
    const state = store.get();
    const asked = parts(state);
    const names = asked.map(({ name }) => name).join("\n");
    if (wanted === names && !trouble) return;
    wanted = names;
    isReady = false;
    trouble = null;
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    const answers = await Promise.allSettled(asked.map(({ ask }) => ask(source, signal)));
    if (wanted !== names || signal !== asking.signal) return;
    const [start] = answers;
    trouble = answers.map(reason)
      .find((found) => found && !(found instanceof Refused && found.code === "missing")) ?? null;
    if (start?.status === "rejected") {
      trouble = start.reason; // the picture stays as it was
    } else {
      tell("changing");
      isGrouped = start?.status === "fulfilled" && start.value.grouped === true;
      for (const answer of answers) if (answer.status === "fulfilled") dictionary.learnAll(answer.value);
      const arrived = asked.flatMap((part, index) => {
        const answer = answers[index]!;
        return answer.status === "fulfilled" ? [{ ...part, network: answer.value }] : [];
      });
      made = drawn(graph, made, arrived, state);
      const last = answers.at(-1);
      chain = state.chain && last?.status === "fulfilled" ? last.value.edges.map(edgeKey) : [];
    }
    isReady = true;
    tell("changed");
  }

  return {
    graph,
    /** The keys of the edges of the chain, in order. */
    chain: () => chain,
    /** The things and facts that are not drawn as themselves, for exports. */
    undrawn: () => made.undrawn,
    /** The groups of a neighbourhood. */
    sectors: () => made.sectors,
    /** Whether a thing is drawn as a line. */
    isLine: (iri: string) => made.folded.some(({ thing }) => thing.iri === iri),
    /** Whether the graph has what the state asks for. */
    isReady: () => isReady,
    /** Whether groups are shown, of a graph that is too large for one picture. */
    isGrouped: () => isGrouped,
    /** Why a request failed. */
    trouble: () => trouble,
    /** Brings the graph in step with the state; needed once, and after trouble. */
    follow: () => void follow(),
    /** Ends the requests that are under way; the picture stays as it was. */
    stop: () => asking.abort(),
    /** Calls the listener just before and after each change of the graph. */
    listen(listener: Listener): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const reason = (answer: PromiseSettledResult<unknown>): unknown =>
  (answer.status === "rejected" ? answer.reason : null);

/** Draws the parts anew. Things of a picture that has only grown keep their places. */
function drawn(graph: Graph, before: Made, arrived: Made["parts"], { fact, pins, start }: State): Made {
  const hasGrown = before.parts.length > 0 && before.parts.every(({ name }, at) => name === arrived[at]?.name);
  const places = new Map(hasGrown ? graph.mapNodes((iri, { x, y }): [string, Place] => [iri, [x, -y]]) : []);
  const kept = new Set(fact?.split("|"));
  for (const { around, network, name } of arrived) {
    if (around) kept.add(around);
    if (name.startsWith("chain ")) for (const { iri } of network.nodes) kept.add(iri);
  }
  const { nodes, edges, folded, undrawn } = composed(together(arrived), kept);
  const kinds = new Map(folded.map(({ thing }) => [thing.iri, thing.kind]));
  const alone = typeof start === "object" && !hasGrown ? start.focus : null;
  const first = new Set(arrived[0]?.network.nodes.map(({ iri }) => iri));
  const own = alone && radial(alone, nodes.filter(({ iri }) => first.has(iri)).map(({ iri }) => iri),
    edges.filter(({ source, target }) => first.has(source) && first.has(target)), (iri) => kinds.get(iri)!);
  const isPlaced = ({ iri }: Thing): boolean => places.has(iri) || (own ? own.places.has(iri) : first.has(iri));
  const place = (thing: Thing): Thing => {
    const [x, y] = places.get(thing.iri) ?? (own ? own.places.get(thing.iri) : undefined) ?? [thing.x, thing.y];
    return { ...thing, x, y };
  };
  graph.clear();
  merge(graph, { nodes: nodes.filter(isPlaced).map(place), edges: [] }, pins);
  for (const { around, network } of arrived.slice(1)) {
    if (!around && !network.origin) continue; // laid out with the rest
    const added = new Set(network.nodes.map(({ iri }) => iri));
    roomBeside(graph, around ?? null, nodes.filter((thing) => added.has(thing.iri)), pins);
  }
  merge(graph, { nodes, edges }, pins);
  return { parts: arrived, folded, undrawn, sectors: own ? own.sectors : hasGrown ? before.sectors : [] };
}

type Place = readonly [number, number];

/** The things and facts of several responses, each once. */
function together(arrived: Made["parts"]): Pick<Network, "nodes" | "edges"> {
  const all = arrived.map(({ network }) => network);
  return {
    nodes: [...new Map(all.flatMap(({ nodes }) => nodes.map((thing) => [thing.iri, thing] as const)).reverse())
      .values()].reverse(),
    edges: [...new Map(all.flatMap(({ edges }) => edges.map((edge) => [edgeKey(edge), edge] as const))).values()],
  };
}
