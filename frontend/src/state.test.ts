import { expect, test } from "vitest";
import { EVERYTHING } from "./selection";
import { fromHash, initial, type State, store, toHash } from "./state";

const usual = initial("pl", "auto");
const ID = "https://w3id.org/sekg/id/";

test("the usual state is a short address", () => {
  expect(toHash(usual)).toBe("#/network?lang=pl");
});

test("every part of a state survives being shared", () => {
  const state: State = {
    view: "table", thing: `${ID}mcps`, fact: `${ID}a|http://xmlns.com/foaf/0.1/knows|${ID}b`,
    start: { focus: `${ID}mcps` },
    expanded: [`${ID}a`, "http://elsewhere.example/x?y=1&z=2"], chain: [`${ID}a`, `${ID}b`],
    hidden: { kinds: ["http://xmlns.com/foaf/0.1/Person"], relations: [`${ID}r`], sources: [`${ID}s`],
      manners: ["said"] },
    selection: { ...EVERYTHING, kind: ["http://xmlns.com/foaf/0.1/Person"], place: [`${ID}siedlce`, `${ID}b`],
      year: ["2018", "2020/2022"] },
    day: "2018-03-22", pins: { [`${ID}a`]: [1, -2] }, list: true, lang: "en", theme: "dark",
    embedded: true,
    params: { query: "SELECT * { ?s ?p \"ż#&\" }", page: "2" },
  };
  expect(fromHash(toHash(state), usual)).toEqual(state);
});

test("the kind of an earlier table and the place of an earlier network are part of the selection", () => {
  const table = fromHash("#/table?:kind=https%3A%2F%2Fw3id.org%2Fsekg%2Fns%23Cluster&:sort=name", usual);
  expect(table.selection.kind).toEqual(["https://w3id.org/sekg/ns#Cluster"]);
  expect(table.params).toEqual({ sort: "name" });
  expect(fromHash("#/network?place=id/siedlce", usual).selection.place).toEqual([`${ID}siedlce`]);
});

test("an address that makes no sense is the usual state", () => {
  for (const hash of ["", "#", "#/../x?lang=xx&day=tomorrow&pin=1,b,id/a&theme=pink&fact=a", "#?thing"]) {
    const { view, day, pins, theme, lang, fact } = fromHash(hash, usual);
    expect({ view, day, pins, theme, lang, fact })
      .toEqual({ view: "network", day: null, pins: {}, theme: "auto", lang: "pl", fact: null });
  }
});

test("a day that the calendar does not have is none", () => {
  const days = ["2018-13-45", "2019-02-31", "2018-1-1", "2020-02-29"]
    .map((day) => fromHash(`#/network?day=${day}`, usual).day);
  expect(days).toEqual([null, null, null, "2020-02-29"]);
});

test("markup in an address stays text", () => {
  expect(fromHash("#/network?thing=%3Cimg%20src=x%3E", usual).thing).toBe("https://w3id.org/sekg/<img src=x>");
});

/** As much of a window as a state needs; `load` gives it as it is after a reload. */
function tab() {
  const entries: { state: unknown; url: string }[] = [{ state: null, url: "" }];
  let at = 0;
  const load = () => {
    let arrive = (_: { state: unknown }): void => undefined;
    const location = { get hash() { return entries[at]!.url; } };
    const go = (by: number) => () => { at += by; arrive({ state: entries[at]!.state }); };
    const history = {
      get state() { return entries[at]!.state; },
      replaceState(state: unknown, _: string, url: string) { entries[at] = { state, url }; },
      pushState(state: unknown, _: string, url: string) { entries.splice(++at, Infinity, { state, url }); },
      back: go(-1), forward: go(1),
    };
    const addEventListener = (_: string, listener: typeof arrive): void => { arrive = listener; };
    return { location, history, addEventListener } as unknown as Window;
  };
  return { load, urls: () => entries.map(({ url }) => url) };
}

test("a step can be undone, an adjustment is not a step", () => {
  const { load, urls } = tab();
  const states = store(load(), usual);
  expect(states.canUndo()).toBe(false);
  states.adjust({ lang: "en" });
  expect(states.canUndo()).toBe(false);
  states.step({ thing: `${ID}mcps` });
  expect(states.canUndo()).toBe(true);
  expect(urls()).toEqual(["#/network?lang=en", "#/network?thing=id/mcps&lang=en"]);
});

test("what was undone can be redone after a reload, until another step is taken", () => {
  const { load } = tab();
  const first = store(load(), usual);
  first.step({ thing: `${ID}mcps` });
  first.step({ thing: `${ID}siedlce` });
  first.undo();
  const again = store(load(), usual);
  expect([again.canUndo(), again.canRedo()]).toEqual([true, true]);
  again.redo();
  expect([again.get().thing, again.canRedo()]).toEqual([`${ID}siedlce`, false]);
  again.undo();
  again.step({ thing: `${ID}a` });
  expect(again.canRedo()).toBe(false);
});
