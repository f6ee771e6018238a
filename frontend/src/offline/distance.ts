/** kgraph's distance function, translated to GeoSPARQL's: the store in the browser takes no custom functions. */

import { declared, type Edit, edited, type Token, tokens } from "../sparql/tokens";

const OWN = "https://w3id.org/sekg/function/distance-km";
const METRES = "<http://www.opengis.net/def/function/geosparql/distance>";
const METRE = "<http://www.opengis.net/def/uom/OGC/1.0/metre>";

/** Whether the store rejected a query because of the function. */
export const isMissed = (message: string): boolean => message.includes(OWN);

/** The query with each call of the function written as `(geof:distance(…, …, metre) / 1000)`. */
export function withDistances(query: string, known: Readonly<Record<string, string>>): string {
  const pieces = tokens(query);
  const prefixes = { ...known, ...declared(pieces) };
  const instead = ({ at, text: { length } }: Token, text: string): Edit => ({ from: at, to: at + length, text });
  return edited(query, pieces.flatMap((piece, index) => {
    const close = iriOf(piece, prefixes) === OWN ? closing(pieces, index + 1) : undefined;
    return close ? [instead(piece, `(${METRES}`), instead(close, `, ${METRE}) / 1000)`)] : [];
  }));
}

function iriOf({ kind, text }: Token, prefixes: Readonly<Record<string, string>>): string | null {
  if (kind === "iri") return text.slice(1, -1);
  const [prefix = "", local = ""] = text.split(/:(.*)/s);
  return kind === "name" && Object.hasOwn(prefixes, prefix) ? prefixes[prefix] + local : null;
}

/** The bracket that closes the one at an index. */
function closing(pieces: readonly Token[], open: number): Token | undefined {
  let depth = 0;
  if (pieces[open]?.text !== "(") return undefined;
  return pieces.slice(open).find(({ kind, text }) => {
    if (kind === "sign") depth += text === "(" ? 1 : text === ")" ? -1 : 0;
    return depth === 0;
  });
}
