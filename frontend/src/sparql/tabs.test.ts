import { expect, test } from "vitest";
import { formatted } from "./format";
import { added, changed, closed, read, written } from "./tabs";

const ONE = { name: "one", text: "ASK {}" };
const TWO = { name: "", text: "SELECT * {}" };

test("a tab is added, changed and closed", () => {
  const both = added({ list: [ONE], at: 0 }, TWO);
  expect(both).toEqual({ list: [ONE, TWO], at: 1 });
  expect(changed(both, { name: "two" }).list[1]).toEqual({ name: "two", text: TWO.text });
  expect(closed(both, 0)).toEqual({ list: [TWO], at: 0 });
  expect(closed({ list: [ONE], at: 0 }, 0)).toEqual({ list: [{ name: "", text: "" }], at: 0 });
});

test("what is written to a file is read from it, and nothing from another file", () => {
  expect(read("kgraph.json", written({ list: [ONE, TWO], at: 0 }))).toEqual([ONE, TWO]);
  expect(read("who.rq", "ASK {}")).toEqual([{ name: "who", text: "ASK {}" }]);
  for (const text of ["{}", "[", '{"queries":[{"name":1,"query":2}]}']) expect(read("x.json", text)).toEqual([]);
});

test("a query is laid out, comments and numbers included", () => {
  const query = 'prefix x: <x:y> select ?a (count(?b) as ?n) where { # things\n?a a se:Cluster; '
    + 'se:date ?b. filter(?b > 2.5 '
    + '&& ?a != "x.{y}"@pl) values ?c { id:a id:b } optional { ?a x:p/^x:q* ?d } } group by ?a limit 3';
  expect(formatted(query)).toBe(`PREFIX x: <x:y>
SELECT ?a (COUNT(?b) AS ?n) WHERE {
  # things
  ?a a se:Cluster ;
    se:date ?b .
  FILTER(?b > 2.5 && ?a != "x.{y}"@pl)
  VALUES ?c { id:a id:b }
  OPTIONAL {
    ?a x:p/^x:q* ?d
  }
}
GROUP BY ?a
LIMIT 3`);
});

test("a query that is laid out stays as it is", () => {
  const where = "{ ?a se:p ?b } UNION { GRAPH ?g { ?a se:q ?b . } }";
  const query = formatted(`CONSTRUCT { ?a se:p ?b } WHERE { ${where} } ORDER BY ?a`)!;
  expect(formatted(query)).toBe(query);
});
