import { expect, test } from "vitest";
import { fromHash, initial, store, toHash, type State } from "./state";

const usual = initial("pl", "auto");
const ID = "https://w3id.org/sekg/id/";

test("the usual state is a short address", () => {
  expect(toHash(usual)).toBe("#/network?lang=pl");
});

test("every part of a state survives being shared", () => {
  const state: State = {
    view: "table", thing: `${ID}mcps`, fact: `${ID}a|http://xmlns.com/foaf/0.1/knows|${ID}b`, start: { focus: `${ID}mcps` },
    expanded: [`${ID}a`, "http://elsewhere.example/x?y=1&z=2"], chain: [`${ID}a`, `${ID}b`],
    hidden: { kinds: ["http://xmlns.com/foaf/0.1/Person"], relations: [`${ID}r`], sources: [`${ID}s`], manners: ["said"] },
    place: `${ID}siedlce`, day: "2018-03-22", pins: { [`${ID}a`]: [1, -2] }, list: true, lang: "en", theme: "dark", embedded: true,
    params: { query: "SELECT * { ?s ?p \"ż#&\" }", page: "2" },
  };
  expect(fromHash(toHash(state), usual)).toEqual(state);
});

test("an address that makes no sense is the usual state", () => {
  for (const hash of ["", "#", "#/../x?lang=xx&day=tomorrow&pin=1,b,id/a&theme=pink&fact=a", "#?thing"]) {
    const { view, day, pins, theme, lang, fact } = fromHash(hash, usual);
    expect({ view, day, pins, theme, lang, fact }).toEqual({ view: "network", day: null, pins: {}, theme: "auto", lang: "pl", fact: null });
  }
});

test("markup in an address stays text", () => {
  expect(fromHash("#/network?thing=%3Cimg%20src=x%3E", usual).thing).toBe("https://w3id.org/sekg/<img src=x>");
});

test("a step can be undone, an adjustment is not a step", () => {
  const entries: { state: unknown; url: string }[] = [];
  const history = {
    state: null as unknown,
    replaceState(state: unknown, _: string, url: string) { history.state = state; entries[Math.max(0, entries.length - 1)] = { state, url }; },
    pushState(state: unknown, _: string, url: string) { history.state = state; entries.push({ state, url }); },
  };
  const window_ = { location: { hash: "" }, history, addEventListener: () => undefined } as unknown as Window;
  const states = store(window_, usual);
  expect(states.canUndo()).toBe(false);
  states.adjust({ lang: "en" });
  expect(states.canUndo()).toBe(false);
  states.step({ thing: `${ID}mcps` });
  expect(states.canUndo()).toBe(true);
  expect(entries.map((entry) => entry.url)).toEqual(["#/network?lang=en", "#/network?thing=id/mcps&lang=en"]);
});
