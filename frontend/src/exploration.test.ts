import { expect, test } from "vitest";
import { type Network, Refused, type Source } from "./api";
import { dictionary } from "./dictionary";
import { exploration } from "./exploration";
import { initial, type Store } from "./state";
import { thing } from "./testing";

const network = (...iris: string[]): Network =>
  ({ nodes: iris.map((iri, x) => thing(iri, { x })), edges: [], names: {} });

test("neighbours that could not be had are there after another attempt", async () => {
  let isBusy = true;
  const source = {
    overview: async () => network("a"),
    neighbourhood: async (focus: string) => {
      if (focus === "a" && isBusy) throw new Refused("timeout");
      return network(focus, `beside ${focus}`);
    },
  } as unknown as Source;
  const explored = exploration(source,
    { get: () => ({ ...initial("en", "auto"), expanded: ["a", "b"] }) } as unknown as Store, dictionary());
  const followed = (): Promise<void> => new Promise((done) => {
    const stop = explored.listen((phase) => { if (phase === "changed") { stop(); done(); } });
    explored.follow();
  });
  await followed();
  expect([explored.graph.nodes(), explored.trouble()]).toEqual([["a", "b", "beside b"], new Refused("timeout")]);
  isBusy = false;
  await followed();
  expect([explored.graph.nodes(), explored.trouble()]).toEqual([["a", "beside a", "b", "beside b"], null]);
});
