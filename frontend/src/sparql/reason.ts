/** Why a query is no SPARQL, as a code and a place, found in its tokens: the engines give only a place. */

import { nearest } from "./nearest";
import { type Token, tokens } from "./tokens";

export interface Reason {
  readonly code: "unclosed" | "unopened" | "openText" | "noForm" | "noBraces" | "misspelt" | "noStop" | "ended"
    | "unexpected";
  readonly from: number;
  readonly to: number;
  /** The word or the bracket. */
  readonly word: string;
  /** Texts to put in the place of the word. */
  readonly meant: readonly string[];
}

const WORDS = `
  SELECT CONSTRUCT DESCRIBE ASK WHERE FROM NAMED DISTINCT REDUCED PREFIX BASE OPTIONAL UNION FILTER MINUS BIND
  VALUES GRAPH SERVICE SILENT GROUP ORDER BY HAVING LIMIT OFFSET EXISTS NOT AS IN DESC ASC UNDEF A TRUE FALSE
  COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT SEPARATOR STR LANG LANGMATCHES DATATYPE BOUND IRI URI BNODE RAND ABS
  CEIL FLOOR ROUND CONCAT STRLEN UCASE LCASE ENCODE_FOR_URI CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER YEAR
  MONTH DAY HOURS MINUTES SECONDS TIMEZONE TZ NOW UUID STRUUID MD5 SHA1 SHA256 SHA384 SHA512 COALESCE IF STRLANG
  STRDT SAMETERM ISIRI ISURI ISBLANK ISLITERAL ISNUMERIC REGEX SUBSTR REPLACE VERSION
`.trim().split(/\s+/);
const KNOWN = new Set(WORDS);
const CLOSING: Readonly<Record<string, string>> = { "{": "}", "(": ")", "[": "]" };

/** The reason of a mistake; `at` is the place that the engine gives, if any. */
export function reasonOf(text: string, at: number | null): Reason | null {
  const all = tokens(text);
  return openText(all) ?? misspelt(all) ?? brackets(all) ?? shapeless(text, all) ?? near(text, all, at);
}

const reason = (
  code: Reason["code"], { at, text }: Pick<Token, "at" | "text">, meant: readonly string[] = [],
): Reason =>
  ({ code, from: at, to: at + text.length, word: text, meant });

/** A quotation mark that the tokenizer could not pair. */
function openText(all: readonly Token[]): Reason | null {
  const open = all.find(({ kind, text }) => kind === "sign" && /^["']$/.test(text));
  return open ? reason("openText", open) : null;
}

/** A bare word that is none of SPARQL's and is spelt like one, or stands where one must. */
function misspelt(all: readonly Token[]): Reason | null {
  const wrong = all.find(({ kind, text }, at) => kind === "word" && !KNOWN.has(text.toUpperCase())
    && !/^\d/.test(text) && all[at - 1]?.text !== "@" && all[at - 1]?.text !== "%");
  return wrong ? reason("misspelt", wrong, nearest(wrong.text.toUpperCase(), WORDS)) : null;
}

function brackets(all: readonly Token[]): Reason | null {
  const open: Token[] = [];
  for (const token of all) {
    if (token.kind !== "sign") continue;
    if (token.text in CLOSING) open.push(token);
    else if (Object.values(CLOSING).includes(token.text)) {
      const last = open.pop();
      if (!last) return reason("unopened", token);
      if (CLOSING[last.text] !== token.text) return reason("unclosed", last);
    }
  }
  const last = open.pop();
  return last ? reason("unclosed", last) : null;
}

/** A query without its verb or without its braces. */
function shapeless(text: string, all: readonly Token[]): Reason | null {
  const end = { at: Math.max(0, text.trimEnd().length - 1), text: text.trimEnd().slice(-1) };
  const verb = all.find(({ kind, text: word }) => kind === "word" && /^(SELECT|ASK|CONSTRUCT|DESCRIBE)$/i.test(word));
  if (!verb) return reason("noForm", all[0] ?? end);
  return /^DESCRIBE$/i.test(verb.text) || all.some(({ text: sign }) => sign === "{") ? null : reason("noBraces", end);
}

/** What is at the place: a triple that begins before the last one has ended, or an end that comes too early. */
function near(text: string, all: readonly Token[], at: number | null): Reason | null {
  if (at === null) return null;
  const token = all.find((one) => one.at + one.text.length > at);
  if (!token || !text.slice(at).trim()) {
    const end = text.trimEnd().length;
    return { code: "ended", from: Math.max(0, end - 1), to: end, word: "", meant: [] };
  }
  const isTerm = /^(variable|name|iri)$/.test(token.kind) || token.text === "a";
  const place = all.indexOf(token);
  const before = all.slice(0, place).reverse();
  const length = before.findIndex(({ kind, text: sign }) => kind === "sign" && /^[.{};,]$/.test(sign));
  const begun = length >= 3 ? all[place - length + 3] : undefined; // the first term after three of a triple
  return isTerm && begun ? reason("noStop", begun, [`. ${begun.text}`]) : reason("unexpected", token);
}
