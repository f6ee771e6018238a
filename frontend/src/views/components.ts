/** Components of several views: marks, links, quotes, reasons, menus. */

import { type Evidence, type Origins, type Place, pathOf, type Reason, STATED, type Term } from "../api";
import { type App, isOurs } from "../app";
import { inWords, isIri, precision } from "../dictionary";
import { type Child, datum, el, NARROW, svg, unseen } from "../dom";
import { manner } from "../graph";
import { CORNERS, DASHES, markOf, type Shape } from "../look";
import type { Manner } from "../state";
import { loading } from "./loading";

/** A shape in a square of 20. */
export const shaped = (shape: Shape, paint: Record<string, string | null>): SVGElement =>
  (shape === "circle" ? svg("circle", { cx: 10, cy: 10, r: 8.5, ...paint })
    : svg("polygon", { points: CORNERS[shape].map((corner) => corner.join(",")).join(" "), ...paint }));

export function sign(kind: string): SVGElement {
  const { hue, shape } = markOf(kind);
  const fill = `var(--${hue})`;
  return svg("svg", { class: "sign", viewBox: "-1 -1 22 22", "aria-hidden": "true" }, shaped(shape, { fill }));
}

export function sample(kind: Manner | "disputed" | "several"): SVGElement {
  const dash = kind === "inferred" || kind === "said" ? DASHES[kind] : null;
  const line = svg("path", {
    d: "M1 7H44", stroke: kind === "disputed" ? "var(--warn)" : "var(--line)", fill: "none",
    "stroke-width": kind === "several" ? 3.5 : 2, "stroke-dasharray": dash?.join(" "),
  });
  return svg("svg", { class: "sample", viewBox: "0 0 45 14", "aria-hidden": "true" }, line,
    kind === "disputed" && svg("text", { x: 22, y: 12, "text-anchor": "middle", fill: "var(--warn)" }, "≠"));
}

/** The badge of a thing about which information is missing. */
export const unknownSample = (): HTMLElement => el("span", { class: "badge-sample", "aria-hidden": "true" }, "?");

/** An explanation that a narrow page folds under its title, so that what is explained comes first. */
export const explained = (title: string, ...content: Child[]): HTMLElement =>
  el("details", { class: "explained", open: !matchMedia(NARROW).matches }, el("summary", {}, title), content);

/** The handler of a link within the page; with a modifier key the browser follows the link as usual. */
export const followed = (act: () => void) => (event: MouseEvent): void => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  act();
};

export const cardLink = (app: App, iri: string) =>
  ({ href: app.store.hashOf(iri), onclick: followed(() => app.open(iri)) });

export function thingLink(app: App, iri: string, text = app.name(iri)): HTMLElement {
  return el("a", cardLink(app, iri), datum(text));
}

/** A link to another site; an invalid address is plain text. */
export function outerLink(app: App, address: string, text: string): HTMLElement {
  if (!/^https?:\/\//i.test(address)) return datum(text);
  return el("a", { class: "leaves", href: address, target: "_blank", rel: "noopener noreferrer" }, datum(text),
    unseen(` (${app.words().leaves})`));
}

/** A term: ours as a link to its card, a foreign IRI as a link out, a literal in words. */
export function termShown(app: App, term: Term): HTMLElement {
  if (isIri(term)) return isOurs(term.iri) ? thingLink(app, term.iri) : outerLink(app, term.iri, app.name(term.iri));
  const words = app.words();
  const exact = precision(term.datatype, words);
  const isAddress = term.datatype.endsWith("#anyURI");
  return isAddress
    ? outerLink(app, term.value, term.value)
    : el("span", { lang: term.lang, title: exact }, datum(inWords(term, words)), exact ? unseen(` (${exact})`) : null);
}

export const termText = (app: App, term: Term): string =>
  (isIri(term) ? app.name(term.iri) : inWords(term, app.words()));

/** Passages of a fact whose sources are not described: by their names. */
export const quotes = (app: App, places: readonly Place[]): Child => evidence(app, places, {});

/** Evidence in one line a source: who published it when, a quote, the way to the original; it opens to all passages. */
export function evidence(app: App, places: readonly Place[], origins: Origins): Child {
  const sources = new Map<string, Place[]>();
  for (const place of places) {
    const key = `${place.source} ${place.status}`;
    sources.set(key, [...(sources.get(key) ?? []), place]);
  }
  return places.length > 0 && el("ul", { class: "quotes" },
    [...sources.values()].map((same) => el("li", {}, sourceLine(app, same, origins))));
}

function sourceLine(app: App, places: readonly Place[], origins: Origins): Child {
  const words = app.words();
  const [place] = places;
  if (!place) return null;
  const address = origins[place.source]?.address;
  const quoted = places.filter((one) => one.words !== null);
  const first = quoted[0]?.words;
  const title = [
    el("span", { class: "source" }, datum(origin(app, origins, place.source))),
    places.length > 1 && el("span", { class: "soft" }, ` · ${words.fill(words.placesOfText, { n: places.length })}`),
    place.status !== STATED && [" ", el("span", { class: "chip" }, app.name(place.status))],
    first && [" ", quote(first, 90)],
  ];
  const fill = ({ currentTarget }: Event): void => {
    const opened = currentTarget as HTMLDetailsElement;
    if (opened.childElementCount === 1) opened.append(el("div", { class: "passages" }, passages(app, place, quoted)));
  };
  return [
    el("details", { class: "evidence", ontoggle: fill }, el("summary", {}, title)),
    address && [" ", outerLink(app, address, words.original)],
  ];
}

/** The quotes of a source with their places in its text, and the way to the card of the source. */
const passages = (app: App, { source }: Place, quoted: readonly Place[]): Child => [
  quoted.length > 0 && el("ul", {}, quoted.map((one) => el("li", {}, quote(one.words ?? "", 600), whereIn(app, one)))),
  el("p", {}, `${app.words().aboutSource} `, el("span", { class: "about-source" }, thingLink(app, source))),
];

const quote = (text: string, longest: number): HTMLElement =>
  el("q", { lang: "pl", class: /^[„“"].*[”“"]$/.test(text) ? "bare" : null }, datum(text, longest));

const whereIn = (app: App, { source, start, end, row }: Place): Child => {
  const { fill, ...words } = app.words();
  if (row !== undefined) {
    return [" (", el("a", { class: "where", href: rowPage(app, source, row) }, fill(words.row, { row })), ")"];
  }
  const where = start !== null && end !== null && fill(words.characters, { from: start, to: end });
  return where && [" ", el("span", { class: "where" }, `(${where})`)];
};

/** The rows on a page, as in kgraph/publish/pages/rows.py. */
const A_PAGE = 100;

/** The page with a row of a register. */
const rowPage = (app: App, source: string, row: number): string => {
  const name = pathOf(source).replace(/^source\//, "");
  const page = Math.floor((row - 1) / A_PAGE) + 1;
  return `page/rows/${name}/${page}${app.lang() === "pl" ? ".pl" : ""}.html#row-${row}`;
};

/** The publisher and the year of a source, else its name, and whether it is a draft. */
export function origin(app: App, origins: Origins, source: string): string {
  const known = origins[source];
  const name = known?.publisher || app.name(source);
  const said = known?.issued ? `${name}, ${known.issued.slice(0, 4)}` : name;
  return known?.draft ? `${said} [${app.words().draft}]` : said;
}

/** Chips that qualify a fact: disputed, inferred, not asserted, from one source. */
export function marks(app: App, fact: Evidence): Child[] {
  const { marks: words } = app.words();
  const how = manner(fact);
  return [
    fact.disputed && el("span", { class: "chip disputed" }, `≠ ${words.disputed}`),
    how === "inferred" && el("span", { class: "chip inferred" }, words.inferred),
    how === "said" && el("span", { class: "chip said" }, words.said),
    fact.yields && el("span", { class: "chip" }, words.yields),
    how === "stated" && fact.single && el("span", { class: "chip" }, words.single),
  ];
}

/** A button that opens and closes a place below it; `fill` is called when the place opens. */
export function disclosure(
  attributes: Record<string, string>, text: string, place: HTMLElement, fill: () => void,
): HTMLElement[] {
  const toggle = (): void => {
    const isOpen = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!isOpen));
    place.replaceChildren();
    if (!isOpen) fill();
  };
  const button = el("button", { ...attributes, "aria-expanded": "false", onclick: toggle }, text);
  return [button, place];
}

/** A button that shows the reason of an inferred fact. */
export function why(app: App, subject: string, predicate: string, object: Term): Child {
  if (!isIri(object)) return null;
  const place = el("div", { class: "why" });
  const show = loading(app, place);
  return disclosure({ class: "small" }, app.words().why, place,
    () => void show(() => app.source.why(subject, predicate, object.iri), ({ reason, names }) => {
      app.dictionary.learn(names);
      return [el("p", {}, app.words().whyHeading), reasonTree(app, reason)];
    }));
}

function reasonTree(app: App, { rule, premises }: Reason): Child[] {
  const { byRule, byCurator } = app.words();
  const premise = (one: Reason): HTMLElement => el("li", {},
    sentence(app, one.subject, one.predicate, one.object),
    one.premises.length ? reasonTree(app, one) : one.places.length ? quotes(app, one.places)
      : el("p", { class: "soft" }, byCurator));
  return [premises.length > 0 && el("ul", { class: "tree" }, premises.map(premise)),
    rule && el("p", { class: "rule" }, `${byRule} `, el("code", {}, rule))];
}

/** A fact in three separate parts: the labels are not inflected, so they make no sentence. */
export function sentence(app: App, subject: string, predicate: string, object: Term): HTMLElement {
  return el("p", { class: "sentence" },
    thingLink(app, subject), " · ", el("span", { class: "relation" }, `${app.name(predicate)}:`), " ",
    termShown(app, object),
  );
}

export const iconButton = (id: string | null, title: string, text: string, onclick: () => void): HTMLElement =>
  el("button", { id, class: "icon", title, "aria-label": title, onclick }, text);

/** A menu, closed by Escape, by a click elsewhere and when the focus leaves; `onopen` is called before it opens. */
export function menu(id: string, title: string, items: (close: () => void) => Child[], name = "",
    onopen: () => void = () => undefined): HTMLDetailsElement {
  const summary = el("summary", { id }, title);
  const close = (): void => { made.open = false; };
  const leave = ({ target }: Event): void => { if (!(target instanceof Node && made.contains(target))) close(); };
  const made: HTMLDetailsElement = el(
    "details",
    {
      class: `menu ${name}`.trim(),
      onkeydown: (event: KeyboardEvent) => {
        if (event.key !== "Escape" || !made.open) return;
        event.preventDefault();
        close();
        summary.focus();
      },
      ontoggle: () => {
        for (const event of ["pointerdown", "focusin"]) {
          document.removeEventListener(event, leave);
          if (made.open) document.addEventListener(event, leave);
        }
        if (made.open) onopen();
      },
    },
    summary,
    el("div", { class: "items" }, items(close)),
  );
  return made;
}
