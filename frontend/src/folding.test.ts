import { expect, test } from "vitest";
import { composed, farEnds } from "./network/folding";
import { fact, network } from "./testing";

const [SE, ORG] = ["https://w3id.org/sekg/ns#", "http://www.w3.org/ns/org#"];
const [MEMBERSHIP, POST, SIGNING] = [{ kind: `${ORG}Membership`, from: "2018-03-22" }, { kind: `${ORG}Post` },
  { kind: `${SE}SigningEvent` }];
const places = [{ source: "s", status: "stated", start: null, end: null, words: "dyrektor" }];
const tenure = [fact("m", `${ORG}member`, "ann", { places }), fact("m", `${ORG}organization`, "office"),
  fact("m", `${ORG}role`, "director")];
const none = new Set<string>();

test("a membership is one line from person to organisation, called by its role, with its evidence and time", () => {
  const { nodes, edges, folded, undrawn } = composed(network(tenure, { m: MEMBERSHIP }), none);
  expect(nodes.map(({ iri }) => iri)).toEqual(["ann", "office"]);
  expect(edges).toMatchObject([{ source: "ann", target: "office", through: "m", title: ["director"], asserted: true,
    places, during: [{ from: "2018-03-22", to: null }] }]);
  expect(folded).toMatchObject([{ thing: { iri: "m" }, facts: tenure }]);
  expect(undrawn).toMatchObject({ things: [{ iri: "director" }, { iri: "m" }], facts: tenure });
});

test("what is kept stays a thing, and what is folded away takes only its own company along", () => {
  expect(composed(network(tenure, { m: MEMBERSHIP }), new Set(["m"])).edges).toEqual(tenure);
  const used = [...tenure, fact("x", "p", "director")];
  expect(composed(network(used, { m: MEMBERSHIP }), none).nodes.map(({ iri }) => iri)).toContain("director");
});

test("a signing links the agreement with its guests, but not with those who signed", () => {
  const signing = [fact("agreement", `${SE}signedAt`, "s"), fact("s", `${SE}hasAttendee`, "ann"),
    fact("office", `${SE}representedAt`, "s", { asserted: false, rule: "r" }),
    fact("co-op", `${SE}representedAt`, "s", { asserted: false, rule: "r" }),
    fact("agreement", `${SE}hasSignatory`, "co-op")];
  const lines = composed(network(signing, { s: SIGNING }), none).edges.map(({ source, target, rule, through }) =>
    [source, target, rule, through]);
  expect(lines).toEqual([["agreement", "co-op", null, undefined], ["agreement", "ann", null, "s"],
    ["agreement", "office", "r", "s"]]);
});

test("a post that a membership tells adds no second line, and neither does what follows from both", () => {
  const post = [fact("p", `${ORG}postIn`, "office"), fact("p", `${ORG}heldBy`, "ann"), fact("p", `${ORG}heldBy`, "bob"),
    fact("office", `${SE}hasOfficeHolder`, "ann", { asserted: false, rule: "r" })];
  const { edges } = composed(network([...tenure, ...post], { m: MEMBERSHIP, p: POST }), none);
  expect(edges.map(({ source, through }) => [source, through])).toEqual([["ann", "m"], ["bob", "p"]]);
});

test("a signing without an agreement stays", () => {
  const alone = [fact("s", `${SE}hasAttendee`, "ann")];
  expect(composed(network(alone, { s: SIGNING }), none)).toMatchObject({ edges: alone, folded: [] });
});

test("the far end of a membership belongs to the neighbourhood of either end", () => {
  const kind = (iri: string): string => (iri === "m" ? MEMBERSHIP.kind : "k");
  const isBeyond = (reached: string) =>
    farEnds(tenure.filter(({ target }) => target === reached), new Set([reached]), kind);
  expect(tenure.map(isBeyond("office"))).toEqual([true, false, true]);
  expect(tenure.map(isBeyond("ann"))).toEqual([false, true, true]);
});
