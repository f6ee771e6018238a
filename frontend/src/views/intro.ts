/** The introduction for a first visit: three questions, and where to begin in the picture. */

import type { Question, ShortAnswer } from "../api";
import type { App } from "../app";
import { called, dayInWords } from "../dictionary";
import { type Child, el, hasTouch } from "../dom";
import { toHash } from "../state";
import { followed, sign } from "./components";

const CLUSTER = "https://w3id.org/sekg/ns#Cluster";
const PERSON = "http://xmlns.com/foaf/0.1/Person";
const ENTITY = "https://w3id.org/sekg/ns#SocialEconomyEntity";

/** The most questions of the introduction. */
const MOST = 3;

/** On a narrow screen a line stands for the introduction until it is opened. */
export function intro(app: App, isOpen: boolean): Child[] {
  const { intro: words } = app.words();
  const steps = hasTouch() ? words.touchSteps : words.steps;
  return [
    line(words.line, isOpen),
    el("h2", { tabindex: "-1" }, words.heading),
    el("p", { class: "lead" }, words.lead),
    questions(app),
    el("h3", {}, words.try),
    beginnings(app),
    el("ul", { class: "advice" }, steps.map(([what, then]) => el("li", {}, el("strong", {}, what), ` ${then}`))),
  ];
}

function line(text: string, isOpen: boolean): HTMLElement {
  const toggle = (): void => {
    button.setAttribute("aria-expanded", String(button.getAttribute("aria-expanded") === "false"));
  };
  const button = el("button", { class: "intro-line", "aria-expanded": String(isOpen), onclick: toggle }, text);
  return button;
}

/** The questions as links, once they are known; nothing for a graph without them. */
function questions(app: App): HTMLElement {
  const place = el("div", { class: "asks" });
  app.source.questions().then(({ questions: all, names }) => {
    app.dictionary.learn(names);
    const leading = all.filter(({ leads }) => leads !== null).sort((one, other) => one.leads! - other.leads!);
    const known = leading.slice(0, MOST);
    if (!known.length) return;
    place.append(el("h3", {}, app.words().intro.ask), el("ul", {}, known.map((one) => el("li", {}, link(app, one)))));
  }, () => undefined);
  return place;
}

function link(app: App, { name, title, short }: Question): HTMLElement {
  const to = { ...app.state(), view: "questions", params: { question: name }, thing: null, fact: null };
  const open = followed(() => app.store.step(to));
  return el("a", { href: toHash(to), onclick: open },
    el("span", {}, called(title, app.lang()) ?? name, short && el("small", {}, ...inShort(app, short))));
}

function inShort(app: App, { about, things, more, day }: ShortAnswer): Child[] {
  const words = app.words();
  const named = [...things.map(app.name), ...(more ? [words.fill(words.andMore, { n: more })] : [])].join(", ");
  const date = day && el("time", { datetime: day }, dayInWords(day, words));
  return [`${app.name(about)}: ${named}`, ...(date ? [" · ", date] : [])];
}

/** A cluster, a chain to a person, and the whole graph. */
function beginnings(app: App): HTMLElement {
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
  const whole = (): void => app.store.step({ start: "whole", expanded: [] });
  return el("div", { class: "tries" },
    cluster && el("button", { onclick: () => app.open(cluster) }, sign(CLUSTER), el("span", {}, app.name(cluster))),
    person && entity && el("button",
      { onclick: () => app.store.step({ chain: [entity, person], thing: null, fact: null }) }, sign(PERSON),
      el("span", {}, fill(words.chain, { one: app.name(entity), other: app.name(person) }))),
    el("button", { onclick: whole }, el("span", {}, words.whole)),
  );
}
