/** A chain as rows of the question `chain`: each step with a source that states it, or the rule that inferred it. */

import { type Edge, type Network, type Results, STATED } from "../api";

type Bound = NonNullable<Results["results"]>["bindings"][number];

const INTEGER = "http://www.w3.org/2001/XMLSchema#integer";
const uri = (value: string): Bound[string] => ({ type: "uri", value });

export const chainRows = ({ edges }: Network): Results => ({
  head: { vars: ["step", "subject", "predicate", "object", "source", "words"] },
  results: { bindings: edges.map((edge, at) => ({ step: { type: "literal", value: String(at + 1), datatype: INTEGER },
    subject: uri(edge.source), predicate: uri(edge.predicate), object: uri(edge.target), ...witness(edge) })) },
});

/** The first place with words that states the fact, else the first that states it, else the rule. */
function witness({ places, rule }: Edge): Bound {
  const stated = places.filter(({ status }) => status === STATED);
  const first = stated.find(({ words }) => words !== null) ?? stated[0];
  if (!first) return { source: { type: "literal", value: rule ?? "" } };
  return { source: uri(first.source),
    ...(first.words === null ? {} : { words: { type: "literal", value: first.words } }) };
}
