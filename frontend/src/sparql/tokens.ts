/** A coarse tokenizer for SPARQL, without comments and white space. */

export interface Token {
  readonly kind: "iri" | "string" | "variable" | "name" | "word" | "sign" | "comment";
  readonly text: string;
  readonly at: number;
}

/** After https://www.w3.org/TR/sparql11-query/#sparqlGrammar, but wider: the store checks the syntax. */
const PIECES = new RegExp(
  [
    String.raw`(?<comment>#[^\r\n]*)`,
    String.raw`(?<iri><[^<>"{}|^\x60\\\s]*>)`,
    String.raw`(?<string>"""(?:[^"\\]|\\[^]|"(?!""))*"""|'''(?:[^'\\]|\\[^]|'(?!''))*'''`
      + String.raw`|"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*')`,
    String.raw`(?<variable>[?$][\p{L}\p{N}_]+)`,
    String.raw`(?<name>(?:[\p{L}_][\p{L}\p{N}_.-]*)?:(?:[\p{L}\p{N}_:.%-]|\\.)*)`,
    String.raw`(?<word>[\p{L}\p{N}_][\p{L}\p{N}_-]*)`,
    String.raw`(?<sign>\S)`,
  ].join("|"),
  "gu",
);

export const tokens = (query: string): Token[] => pieces(query).filter(({ kind }) => kind !== "comment");

/** The tokens of a query with its comments. */
export function pieces(query: string): Token[] {
  return [...query.matchAll(PIECES)].flatMap(({ groups, index }) => {
    const [kind, text] = Object.entries(groups ?? {}).find(([, text]) => text !== undefined) ?? [];
    return kind && text ? [{ kind: kind as Token["kind"], text, at: index }] : [];
  });
}

const isWord = (one: Token | undefined, words: RegExp): boolean => one?.kind === "word" && words.test(one.text);

export type Form = "table" | "boolean" | "graph";
const FORMS: Record<string, Form> = { SELECT: "table", ASK: "boolean", CONSTRUCT: "graph", DESCRIBE: "graph" };

export function formOf(query: readonly Token[]): Form {
  const verb = query.find((one) => isWord(one, /^(SELECT|ASK|CONSTRUCT|DESCRIBE)$/i));
  return FORMS[verb?.text.toUpperCase() ?? ""] ?? "table";
}

export const federates = (query: readonly Token[]): boolean => query.some((one) => isWord(one, /^SERVICE$/i));

export const isUpdate = (query: readonly Token[]): boolean =>
  isWord(query.find((one) => one.kind === "word" && !/^(PREFIX|BASE|VERSION)$/i.test(one.text)),
    /^(INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|COPY|MOVE|ADD|WITH)$/i);

export function declared(query: readonly Token[]): Record<string, string> {
  return Object.fromEntries(query.flatMap((one, at) => {
    const [name, iri] = [query[at + 1], query[at + 2]];
    return isWord(one, /^PREFIX$/i) && name?.kind === "name" && iri?.kind === "iri"
      ? [[name.text.slice(0, -1), iri.text.slice(1, -1)]] : [];
  }));
}

/** The first prefix that is used but not declared. */
export function unknownPrefix(query: readonly Token[], known: Readonly<Record<string, string>>): string | undefined {
  const prefixes = { ...known, ...declared(query) };
  const used = query.filter(({ kind, text }) => kind === "name" && !/^[:_]/.test(text))
    .map(({ text }) => text.split(":")[0]!);
  return used.find((prefix) => !Object.hasOwn(prefixes, prefix));
}

export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Applies edits that do not overlap. */
export const edited = (text: string, edits: readonly Edit[]): string =>
  [...edits].sort((one, other) => other.from - one.from)
    .reduce((done, { from, to, text: by }) => done.slice(0, from) + by + done.slice(to), text);

/** The query with new values in its `VALUES ?name { default }`; undefined keeps a default. */
export function withValues(query: string, given: (name: string) => string | undefined): string {
  const pieces = tokens(query);
  return edited(query, pieces.flatMap((one, at) => {
    const [variable, open] = [pieces[at + 1], pieces[at + 2]];
    if (!isWord(one, /^VALUES$/) || variable?.kind !== "variable" || open?.text !== "{") return [];
    const close = pieces.slice(at + 3).find(({ kind, text }) => kind === "sign" && text === "}");
    const value = given(variable.text.slice(1));
    return close && value !== undefined ? [{ from: open.at + 1, to: close.at, text: ` ${value} ` }] : [];
  }));
}
