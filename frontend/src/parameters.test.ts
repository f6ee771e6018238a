import { expect, test } from "vitest";
import type { Found, Question } from "./api";
import { calledExactly, filledIn, iriOf, isAlike, isOfKind, sortOf, termOf, unusual } from "./parameters";

const question: Question = {
  name: "q", title: {}, meaning: {}, askedBy: "researcher", computed: false, keywords: "", leads: null, short: null,
  parameters: { area: "id:pl925", limit: "30" },
  sparql: 'SELECT * { VALUES ?area { id:pl925 }\nVALUES ?limit { 30 }\nVALUES ?lang { "en" } }',
};

test("a default shows what a parameter takes", () => {
  expect(['"2026-12-31"^^xsd:date', "30", "id:mcps", "UNDEF", "hello there"].map((usual) => sortOf(usual)))
    .toEqual(["day", "number", "thing", "thing", "text"]);
  expect(sortOf("UNDEF", "day")).toBe("day");
});

test("things are written short where a prefixed name can be", () => {
  expect(termOf("https://w3id.org/sekg/id/mcps")).toBe("id:mcps");
  expect(termOf("https://w3id.org/sekg/kind/role/director")).toBe("<https://w3id.org/sekg/kind/role/director>");
  expect(iriOf("id:mcps", { id: "https://w3id.org/sekg/id/" })).toBe("https://w3id.org/sekg/id/mcps");
  expect(iriOf("2018", {})).toBeNull();
});

test("only what differs from the default is asked for", () => {
  expect(unusual(question, { area: "id:pl925", limit: "50", other: "x" })).toEqual({ limit: "50" });
});

test("values take the place of defaults, text only as a literal", () => {
  expect(filledIn(question, "pl", { area: "id:siedlce" }))
    .toBe('SELECT * { VALUES ?area { id:siedlce }\nVALUES ?limit { 30 }\nVALUES ?lang { "pl" } }');
  const braced = { ...question, sparql: 'VALUES ?year { "2018}" } # VALUES ?year { 1 }' };
  expect(filledIn(braced, "en", { year: "2019" })).toBe("VALUES ?year { 2019 } # VALUES ?year { 1 }");
  expect(filledIn(question, "en", { area: '} # "x"' })).toContain('VALUES ?area { "} # \\"x\\"" }');
});

test("a parameter that names a kind takes only what is like its default", () => {
  expect([isOfKind("cluster", "id:cluster-siedlce"), isOfKind("subject", "id:cluster-siedlce"),
    isOfKind("subject", "UNDEF")]).toEqual([true, false, false]);
  const [cluster, centre, organisation] = ["https://w3id.org/sekg/ns#Cluster",
    "https://w3id.org/sekg/ns#SupportInstitution", "http://www.w3.org/ns/org#Organization"];
  expect([isAlike(cluster, cluster), isAlike(centre, cluster), isAlike(centre, organisation)])
    .toEqual([true, false, true]);
});

test("only a whole name that one thing has will do", () => {
  const found: Found[] = ["Siedlecki Klaster", "siedlecki Ośrodek", "Ośrodek", "osrodek"]
    .map((name) => ({ iri: name, name, kind: "k", labels: { pl: name } }));
  expect(calledExactly(found, "siedlecki klaster")?.name).toBe("Siedlecki Klaster");
  expect(calledExactly(found, "siedlecki")).toBeNull();
  expect(calledExactly(found, "ośrodek")).toBeNull();
});
