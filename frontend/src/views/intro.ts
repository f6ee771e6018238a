/** The introduction for a first visit, with examples from the graph. */

import type { App } from "../app";
import { type Child, el } from "../dom";
import { sign } from "./components";

const CLUSTER = "https://w3id.org/sekg/ns#Cluster";
const PERSON = "http://xmlns.com/foaf/0.1/Person";
const ENTITY = "https://w3id.org/sekg/ns#SocialEconomyEntity";

export function intro(app: App, dismiss: () => void): Child[] {
  const { fill, intro: words } = app.words();
  const { graph } = app.exploration;
  // A cluster has one fact in an overview; what several sources say of its agreement tells more.
  const attested = (thing: string): number => {
    const near = new Set([thing, ...graph.neighbors(thing)].flatMap((node) => graph.edges(node)));
    return [...near].filter((edge) => !graph.getEdgeAttribute(edge, "single")).length;
  };
  const best = (kind: string, size: (thing: string) => number): string | undefined =>
    graph.filterNodes((_, thing) => thing.kind === kind).sort(
      (one, other) => size(other) - size(one) || app.name(one).length - app.name(other).length)[0];
  const degree = (thing: string): number => graph.degree(thing);
  const [cluster, person, entity] = [best(CLUSTER, attested), best(PERSON, degree), best(ENTITY, degree)];
  return [
    el("h2", { tabindex: "-1" }, words.heading),
    el("p", { class: "lead" }, words.lead),
    el("ul", { class: "advice" }, words.steps.map(([what, then]) => el("li", {}, el("strong", {}, what), ": ", then))),
    (cluster || person) && el("h3", {}, words.try),
    el("div", { class: "tries" },
      cluster && el("button", { onclick: () => app.open(cluster) }, sign(CLUSTER),
        el("span", {}, fill(words.open, { name: app.name(cluster) }))),
      person && entity && el("button",
        { onclick: () => app.store.step({ chain: [entity, person], thing: null, fact: null }) }, sign(PERSON),
        el("span", {}, fill(words.chain, { one: app.name(entity), other: app.name(person) }))),
      el("button", { onclick: () => app.store.step({ start: "whole", expanded: [] }) }, el("span", {}, words.whole)),
    ),
    el("p", {}, el("button", { class: "main", onclick: dismiss }, words.dismiss)),
  ];
}
