/** Lays a query out: a line for each clause and triple, indented by its braces. */

import { pieces, type Token } from "./tokens";

const INDENT = "  ";
const CLAUSE = new RegExp("^(PREFIX|BASE|SELECT|CONSTRUCT|ASK|DESCRIBE|FROM|OPTIONAL|FILTER|BIND|VALUES|MINUS|GRAPH"
  + "|SERVICE|GROUP|HAVING|ORDER|LIMIT|OFFSET)$", "i");
/** More words that are written in capitals. */
const CAPITAL =
  /^(WHERE|DISTINCT|REDUCED|NAMED|UNION|NOT|EXISTS|IN|AS|BY|ASC|DESC|UNDEF|SILENT|COUNT|SUM|MIN|MAX|AVG)$/i;

/** The query laid out; null when its tokens would not stay the same. */
export function formatted(query: string): string | null {
  const all = pieces(query).flatMap(parted);
  const text = laidOut(query, all);
  const same = (texts: readonly Token[]): string => texts.map((one) => written(one)).join(" ");
  return same(pieces(text).flatMap(parted)) === same(all) ? text : null;
}

/** A name without the full stop that ends its triple, and the full stop. */
function parted(token: Token): Token[] {
  const stops = token.kind === "name" ? (/\.+$/.exec(token.text)?.[0].length ?? 0) : 0;
  if (!stops) return [token];
  const end = token.text.length - stops;
  return [{ ...token, text: token.text.slice(0, end) },
    { kind: "sign", text: token.text.slice(end), at: token.at + end }];
}

const written = ({ kind, text }: Token): string =>
  (kind === "word" && (CLAUSE.test(text) || CAPITAL.test(text)) ? text.toUpperCase() : text);

type Layout = ReturnType<typeof layout>;

/** The lines so far, the line that is being written, and what is open: braces, brackets, the data of VALUES. */
function layout() {
  const lines: string[] = [];
  const open = { braces: 0, brackets: 0, data: 0 };
  let line = "";
  let isContinued = false; // after a semicolon
  return {
    lines,
    open,
    line: () => line,
    put(text: string, isTight = false): void {
      line += (line && !isTight ? " " : "") + text;
    },
    /** Ends the line; `continues` indents the next one as a part of the same triple. */
    end(continues = false): void {
      if (line.trim()) lines.push(INDENT.repeat(open.braces + Number(isContinued)) + line.trim());
      line = "";
      isContinued = continues;
    },
    /** Whether signs end lines here. */
    isFree: () => !open.brackets && !open.data,
  };
}

function laidOut(query: string, all: readonly Token[]): string {
  const page = layout();
  all.forEach((token, at) => {
    const { kind, text } = token;
    if (kind === "comment") comment(page, query, all, at);
    else if (kind === "sign" && text === "{") openBrace(page, all, at);
    else if (kind === "sign" && text === "}") closeBrace(page, all, at);
    else if (kind === "sign" && page.isFree() && /^(\.+|;)$/.test(text) && !isDecimal(query, token)) {
      page.put(text === ";" ? ";" : ".");
      page.end(text === ";");
    } else other(page, all, at);
  });
  page.end();
  return page.lines.join("\n");
}

/** A comment ends its line; one on a line of its own stays there. */
function comment(page: Layout, query: string, all: readonly Token[], at: number): void {
  const [before, token] = [all[at - 1], all[at]!];
  if (before && query.slice(before.at + before.text.length, token.at).includes("\n")) page.end();
  page.put(token.text);
  page.end();
}

function openBrace(page: Layout, all: readonly Token[], at: number): void {
  page.put("{");
  if (isData(all, at)) page.open.data = 1;
  else {
    page.end();
    page.open.braces += 1;
  }
}

function closeBrace(page: Layout, all: readonly Token[], at: number): void {
  const next = all[at + 1]?.text ?? "";
  if (!page.open.data) {
    page.end();
    page.open.braces = Math.max(0, page.open.braces - 1);
  }
  page.open.data = 0;
  page.put("}");
  if (!/^(UNION|\.)$/i.test(next)) page.end();
}

/** Any other token: a clause begins a line; what touched the token before it still does. */
function other(page: Layout, all: readonly Token[], at: number): void {
  const [before, token] = [all[at - 1], all[at]!];
  const { kind, text } = token;
  const touches = before !== undefined && before.at + before.text.length === token.at;
  if (kind === "word" && CLAUSE.test(text) && page.isFree() && !isWithin(all, at)) page.end();
  if (text === "(") page.open.brackets += 1;
  if (text === ")") page.open.brackets -= 1;
  page.put(written(token), touches || /^[,)\]]$/.test(text) || page.line().endsWith("("));
}

/** Whether a brace begins the data of VALUES. */
function isData(all: readonly Token[], at: number): boolean {
  let place = at - 1;
  if (all[place]?.text === ")") while (place > 0 && all[place]?.text !== "(") place -= 1;
  return /^VALUES$/i.test(all[place - 1]?.text ?? "");
}

/** Whether a full stop is the point of a number. */
const isDecimal = (query: string, { at }: Token): boolean => /\d\.\d/.test(query.slice(Math.max(0, at - 1), at + 2));

/** Whether a clause word belongs to the line before it: FROM NAMED, `GROUP BY` within a name and the like. */
const isWithin = (all: readonly Token[], at: number): boolean =>
  /^(NOT|EXISTS)$/i.test(all[at - 1]?.text ?? "") || all[at - 1]?.text === "@";
