"use strict";
(() => {
  const { nodes: THINGS, edges: FACTS, names: NAMES, words: WORDS, letters: LETTERS, marks: MARKS, order: ORDER, lang: LANG } = JSON.parse(document.getElementById("data").textContent);

  // ── Each pair of a colour and a shape once; in the order of the legend ──
  const OTHER = MARKS["rdfs:Resource"];
  const MANNERS = { stated: false, inferred: [9, 6], said: [2, 5] };


  const thingOf = new Map(THINGS.map((thing) => [thing.id, thing]));
  const factOf = new Map(FACTS.map((fact) => [fact.id, fact]));
  const kinds = [...new Set([...ORDER, ...THINGS.map((thing) => thing.group)])]
    .filter((kind) => THINGS.some((thing) => thing.group === kind));
  const darkScheme = matchMedia("(prefers-color-scheme: dark)");
  const narrow = matchMedia("(max-width: 46rem)"); // the panel lies under the picture
  const crowded = matchMedia("(max-width: 60rem)"); // the legend lies over it
  const framed = window.parent !== window;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  // ── State: everything the page shows follows from this ──
  const state = {
    lang: LANG,
    theme: null, // null: as the system says
    shown: new Set(THINGS.filter((thing) => !thing.hidden).map((thing) => thing.group)),
    chosen: null, // the id of a thing or of a fact
  };

  // ── Words ──
  const by = (id) => document.getElementById(id);
  const word = (key) => WORDS[state.lang][key];
  const otherLang = () => (state.lang === "pl" ? "en" : "pl");
  const nameOf = (term) => NAMES[term]?.[state.lang] ?? Object.values(NAMES[term] ?? {})[0] ?? term;
  const kindName = (kind) => (kind === "rdfs:Resource" ? word("otherKind") : nameOf(kind));
  const thingName = (id) => thingOf.get(id).names[state.lang];
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^ -~]/g, (letter) => LETTERS[letter] ?? letter);
  const wordsIn = (text) => fold(text).split(/[^\p{L}\p{N}]+/u).filter(Boolean);

  function wrap(text, length) {
    const lines = [""];
    for (const part of text.split(" ")) {
      const line = `${lines.at(-1)} ${part}`.trim();
      if (line.length <= length || !lines.at(-1)) lines[lines.length - 1] = line;
      else lines.push(part);
    }
    return lines.join("\n");
  }

  // ── Elements: text only ever goes in as text ──
  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  function svg(tag, attributes, ...children) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  const CORNERS = {
    square: "3,3 17,3 17,17 3,17",
    diamond: "10,1 19,10 10,19 1,10",
    triangle: "10,2 19,17 1,17",
    triangleDown: "10,18 19,3 1,3",
    hexagon: "19,10 14.5,17.8 5.5,17.8 1,10 5.5,2.2 14.5,2.2",
    star: "10,1 12.6,7 19,7.5 14,11.8 15.7,18.5 10,14.8 4.3,18.5 6,11.8 1,7.5 7.4,7",
  };

  function sign(kind) {
    const [colour, shape] = MARKS[kind] ?? OTHER;
    const fill = `var(--${colour})`;
    const mark = shape === "dot" ? svg("circle", { cx: 10, cy: 10, r: 8, fill }) : svg("polygon", { points: CORNERS[shape], fill });
    return svg("svg", { class: "sign", viewBox: "0 0 20 20", "aria-hidden": "true" }, mark);
  }

  function sample(manner) {
    const stroke = `var(--${manner === "said" ? "faint" : "line"})`;
    const line = svg("path", { d: "M0 6H38", stroke, "stroke-width": 2, "stroke-dasharray": (MANNERS[manner] || []).join(" ") });
    const arrow = svg("polygon", { points: "37,2 46,6 37,10", fill: stroke });
    return svg("svg", { width: 46, height: 12, "aria-hidden": "true" }, line, arrow);
  }

  // ── A fact in words, with the places that say it ──
  function quoted(words) {
    const [before, after] = /^[„“"].*[”“"]$/.test(words) ? ["", ""] : word("quote").split("{words}"); // the source has marks of its own
    return make("span", {}, before, make("span", { lang: "pl" }, words), after);
  }

  function thingLink(id) {
    const link = make("a", { href: `#${encodeURIComponent(id)}` }, thingName(id));
    link.addEventListener("click", () => choose(id));
    return link;
  }

  function placeItem({ status, start, end, words, row }) {
    const item = make("li", {}, words === null ? word("noWording") : quoted(words));
    if (row !== null) item.append(" ", make("span", { class: "where" }, `${word("row")} ${row}`));
    if (start !== null) item.append(" ", make("span", { class: "where" }, `${word("characters")} ${start}–${end}`));
    if (status !== "status:stated") item.append(" ", make("span", { class: "status" }, nameOf(status)));
    return item;
  }

  function sourceItem(source, places) {
    const original = places[0].copy_of;
    const title = original === null ? nameOf(source) : `${nameOf(source)} (${word("copy")} ${nameOf(original)})`;
    return make("div", { class: "source" }, make("span", {}, title), make("ul", {}, ...places.map(placeItem)));
  }

  function factText(fact, end, places = fact.places) {
    const relation = make("span", { class: "relation" }, nameOf(fact.predicate));
    const text = make("div", { class: "fact" }, make("p", {}, end(fact.from), " – ", relation, " – ", end(fact.to)));
    if (fact.rule !== null) text.append(make("p", { class: "how" }, `${word("rule")} `, make("code", {}, fact.rule)));
    for (const [source, said] of Map.groupBy(places, (place) => place.source)) text.append(sourceItem(source, said));
    if (places.length < fact.places.length) text.append(make("p", { class: "how" }, `${word("more")} ${fact.places.length - places.length}`));
    return text;
  }

  // ── The panel ──
  function aboutThing(thing) {
    const facts = FACTS.filter((fact) => fact.from === thing.id || fact.to === thing.id);
    return [
      make("p", { class: "also", lang: otherLang() }, thing.names[otherLang()]),
      make("dl", { class: "about" },
        make("dt", {}, word("kind")), make("dd", {}, kindName(thing.group)),
        make("dt", {}, word("iri")), make("dd", {}, make("code", {}, thing.id))),
      make("h3", {}, `${word("facts")} (${facts.length})`),
      make("div", { id: "facts" }, ...facts.map((fact) => factText(fact, thingLink))),
    ];
  }

  function tell() {
    const thing = thingOf.get(state.chosen);
    const fact = factOf.get(state.chosen);
    by("panel").hidden = !thing && !fact;
    if (thing) by("told").replaceChildren(...aboutThing(thing));
    if (fact) by("told").replaceChildren(factText(fact, thingLink));
    by("panel-title").textContent = thing ? thingName(thing.id) : word("fact");
  }

  function open(id) {
    state.chosen = id;
    tell();
    by("panel").scrollTop = 0;
    if (thingOf.has(id)) network.selectNodes([id]);
    else network.selectEdges([id]);
  }

  function close() {
    if (by("panel").contains(document.activeElement)) by("all").focus();
    state.chosen = null;
    network.unselectAll();
    tell();
  }

  // ── The picture ──
  const SIZE = 16; // of names, in units of the picture
  const LEGIBLE = 8; // pixels on the screen
  const NAMED = 24; // things at most
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const written = (name, size) => ({ color: colour(name), size, face: "system-ui, sans-serif", strokeWidth: 4, strokeColor: colour("paper") });
  const onLine = () => ({ ...written("soft", 13), strokeWidth: 0, background: colour("paper") });

  function drawnThing(thing) {
    const [fill, shape] = MARKS[thing.group] ?? OTHER;
    const look = { background: colour(fill), border: colour("ink") };
    const chosen = { background: colour(fill), border: colour("chosen") };
    const hidden = !state.shown.has(thing.group);
    return { id: thing.id, label: thing.drawn[state.lang], shape, size: thing.group === "se:Cluster" ? 24 : 17, hidden, color: { ...look, hover: chosen, highlight: chosen }, font: written("ink", SIZE) };
  }

  function bends(fact) {
    const pair = FACTS.filter((other) => [other.from, other.to].sort().join(" ") === [fact.from, fact.to].sort().join(" "));
    const place = pair.indexOf(fact);
    const turn = fact.from < fact.to ? "curvedCW" : "curvedCCW";
    return pair.length < 2 ? { enabled: false } : { enabled: true, type: turn, roundness: 0.12 + 0.14 * place };
  }

  function drawnFact(fact) {
    const line = colour(fact.manner === "said" ? "faint" : "line");
    return {
      id: fact.id, from: fact.from, to: fact.to, arrows: { to: { enabled: true, scaleFactor: 0.7 } }, smooth: bends(fact),
      label: wrap(nameOf(fact.predicate), 18), dashes: MANNERS[fact.manner], width: 1.5,
      color: { color: line, hover: colour("chosen"), highlight: colour("chosen"), inherit: false }, font: onLine(),
    };
  }

  const data = { nodes: new vis.DataSet(), edges: new vis.DataSet() };
  function draw() {
    data.nodes.update(THINGS.map(drawnThing));
    data.edges.update(FACTS.map(drawnFact));
  }

  /** Things in view: clusters first, then the best connected. */
  function hubs() {
    const links = new Map(visible().map((id) => [id, 0]));
    for (const end of FACTS.filter(inView).flatMap((fact) => [fact.from, fact.to])) links.set(end, links.get(end) + 1);
    return [...links.keys()].sort((one, other) => isCluster(other) - isCluster(one) || links.get(other) - links.get(one));
  }

  const isCluster = (id) => thingOf.get(id).group === "se:Cluster";

  /** Where names would be too small to read, the best connected things are named all the same, as far as there is room. */
  function nameHubs(canvas) {
    const size = 12 / network.getScale();
    const named = [];
    by("picture").dataset.named = "";
    if (network.getScale() * SIZE >= LEGIBLE) return;
    Object.assign(canvas, { font: `${size}px system-ui, sans-serif`, textAlign: "center", textBaseline: "top", lineJoin: "round" });
    Object.assign(canvas, { fillStyle: colour("ink"), strokeStyle: colour("paper"), lineWidth: size / 3 });
    const marks = visible().map((id) => box(network.getPosition(id), size / 1.5, size / 1.5));
    const names = [];
    for (const id of hubs().slice(0, NAMED)) {
      const lines = thingOf.get(id).drawn[state.lang].split("\n");
      const within = rooms(canvas, lines, network.getPosition(id), size).filter((room) => inside(room) && !names.some((other) => overlap(room, other)));
      const free = within.find((room) => !marks.some((other) => overlap(room, other))) ?? (isCluster(id) ? within[0] : null);
      if (!free) continue;
      names.push(free);
      named.push(id);
      for (const pen of ["strokeText", "fillText"]) lines.forEach((line, n) => canvas[pen](line, free.x, free.top + n * size * 1.2));
    }
    by("picture").dataset.named = named.join(" ");
  }

  /** Where a name may stand: below a place, above, to its right and to its left. */
  function rooms(canvas, lines, { x, y }, size) {
    const wide = Math.max(...lines.map((line) => canvas.measureText(line).width));
    const high = lines.length * size * 1.2;
    const [across, down] = [(wide + size * 1.6) / 2, (high + size * 1.4) / 2];
    return [[x, y + down], [x, y - down], [x + across, y], [x - across, y]].map(([left, top]) => box({ x: left, y: top }, wide, high));
  }

  const box = ({ x, y }, wide, high) => ({ x, left: x - wide / 2, right: x + wide / 2, top: y - high / 2, bottom: y + high / 2 });
  const overlap = (one, other) => one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

  function inside(room) {
    const { clientWidth: wide, clientHeight: high } = by("picture");
    const [first, last] = [network.DOMtoCanvas({ x: 0, y: 0 }), network.DOMtoCanvas({ x: wide, y: high })];
    return room.left > first.x && room.right < last.x && room.top > first.y && room.bottom < last.y;
  }

  function newNetwork() {
    data.nodes.add(THINGS.map(({ x, y, ...thing }) => ({ ...drawnThing(thing), x, y })));
    data.edges.add(FACTS.map(drawnFact));
    return new vis.Network(by("picture"), data, {
      ...JSON.parse(by("options").textContent),
      layout: { improvedLayout: false },
      nodes: { borderWidth: 1.5, borderWidthSelected: 4, scaling: { label: { drawThreshold: LEGIBLE } } },
      edges: { selectionWidth: 1.5, hoverWidth: 0.5 },
      interaction: { hover: true, multiselect: false, hideEdgesOnDrag: FACTS.length > 1000 },
    });
  }

  // ── The view ──
  const motion = () => (calm.matches ? false : { duration: 350, easingFunction: "easeInOutQuad" });
  const visible = () => THINGS.filter((thing) => state.shown.has(thing.group)).map((thing) => thing.id);
  const inView = (fact) => [fact.from, fact.to].every((end) => state.shown.has(thingOf.get(end).group));

  const rangeOf = (values) => [Math.min(...values), Math.max(...values)];

  /** Shows all visible things, with room for the names beside the outermost. */
  function fit(animation = motion()) {
    const spots = Object.values(network.getPositions(visible()));
    const { clientWidth: wide, clientHeight: tall } = by("stage");
    if (!spots.length || wide < 200 || tall < 150) return network.fit({ nodes: visible(), animation, maxZoomLevel: 1.3 });
    const [left, right] = rangeOf(spots.map(({ x }) => x));
    const [high, low] = rangeOf(spots.map(({ y }) => y));
    const scale = Math.min(1.3, (wide - 110) / (right - left || 1), (tall - 80) / (low - high || 1));
    return network.moveTo({ position: { x: (left + right) / 2, y: (high + low) / 2 }, scale, animation });
  }

  /** The first view: all of it, so that nothing is cropped. */
  const begin = () => fit(false);

  /** How far from the middle of the stage the middle of its free part is. */
  function offset() {
    const panel = by("panel");
    if (panel.hidden) return { x: 0, y: 0 };
    return narrow.matches ? { x: 0, y: -panel.offsetHeight / 2 } : { x: -panel.offsetWidth / 2, y: 0 };
  }

  function covered(position) {
    const at = network.canvasToDOM(position);
    const { offsetLeft, offsetTop, hidden } = by("panel");
    return !hidden && at.x > offsetLeft - 60 && at.y > offsetTop - 40;
  }

  function uncover(position) {
    if (covered(position)) network.moveTo({ position, offset: offset(), animation: motion() });
  }

  function middle(fact) {
    const [a, b] = [network.getPosition(fact.from), network.getPosition(fact.to)];
    return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  }

  /** Show a thing wherever it is: its kind switched on, in the middle, told in the panel. */
  function choose(id) {
    const { group } = thingOf.get(id);
    if (!state.shown.has(group)) show(group, true);
    open(id);
    network.focus(id, { scale: Math.max(network.getScale(), 0.9), offset: offset(), animation: motion() });
  }

  function zoom(factor) {
    network.moveTo({ scale: network.getScale() * factor, animation: motion() });
  }

  // ── Legend ──
  function show(kind, on) {
    if (on) state.shown.add(kind);
    else state.shown.delete(kind);
    legend();
    draw();
  }

  function kindItem(kind) {
    const box = make("input", { type: "checkbox", "data-kind": kind });
    box.checked = state.shown.has(kind);
    box.addEventListener("change", () => show(kind, box.checked));
    const count = make("span", { class: "count" }, String(THINGS.filter((thing) => thing.group === kind).length));
    return make("li", {}, make("label", {}, box, sign(kind), make("span", { class: "name" }, kindName(kind)), count));
  }

  function legend() {
    const focused = document.activeElement?.dataset.kind;
    by("kinds").replaceChildren(...kinds.map(kindItem));
    by("kinds").querySelector(`[data-kind="${focused}"]`)?.focus();
    by("manners").replaceChildren(...Object.keys(MANNERS).map((manner) => make("li", {}, sample(manner), word(manner))));
  }

  // ── Search ──
  const search = by("search");
  const suggestions = by("suggestions");
  const index = THINGS.map((thing) => [thing.id, Object.values(thing.names).flatMap(wordsIn)]);
  let marked = -1;

  function find(text) {
    const asked = wordsIn(text);
    const hits = index.filter(([, words]) => asked.every((start) => words.some((one) => one.startsWith(start))));
    const order = (id) => [state.shown.has(thingOf.get(id).group) ? 0 : 1, thingName(id)].join(" ");
    return asked.length ? hits.map(([id]) => id).sort((a, b) => order(a).localeCompare(order(b), state.lang)) : [];
  }

  function suggestion(id, number) {
    const option = make("li", { role: "option", id: `suggestion-${number}`, "aria-selected": "false" });
    option.append(sign(thingOf.get(id).group), make("span", {}, thingName(id)));
    option.addEventListener("mousedown", (event) => { event.preventDefault(); take(id); });
    return option;
  }

  function suggest() {
    const found = find(search.value);
    marked = -1;
    search.removeAttribute("aria-activedescendant");
    suggestions.replaceChildren(...found.slice(0, 12).map(suggestion));
    expand(found.length > 0);
    by("count").textContent = !search.value ? "" : found.length ? `${word("found")} ${found.length}` : word("nothing");
  }

  function expand(on) {
    suggestions.hidden = !on;
    search.setAttribute("aria-expanded", String(on));
  }

  function mark(step) {
    const options = [...suggestions.children];
    marked = (marked + step + options.length) % options.length;
    options.forEach((option, number) => option.setAttribute("aria-selected", String(number === marked)));
    options[marked].scrollIntoView({ block: "nearest" });
    search.setAttribute("aria-activedescendant", options[marked].id);
  }

  function take(id) {
    expand(false);
    search.value = thingName(id);
    choose(id);
    by("panel-title").focus();
  }

  function searchKey(event) {
    if (event.key === "Escape") expand(false);
    if (suggestions.hidden || !suggestions.children.length) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      mark(event.key === "ArrowDown" ? 1 : marked < 0 ? 0 : -1);
    }
    if (event.key === "Enter") take(find(search.value)[Math.max(marked, 0)]);
  }

  // ── What appears under the pointer ──
  function tip(content, { x, y }) {
    const box = by("tip");
    box.replaceChildren(content);
    box.hidden = false;
    const { clientWidth, clientHeight } = by("stage");
    box.style.left = `${Math.max(8, Math.min(x + 14, clientWidth - box.offsetWidth - 8))}px`;
    box.style.top = `${y + 18 + box.offsetHeight > clientHeight ? Math.max(8, y - box.offsetHeight - 14) : y + 18}px`;
  }

  function tipOfFact({ edge, pointer }) {
    const fact = factOf.get(edge);
    tip(factText(fact, thingName, fact.places.slice(0, 3)), pointer.DOM);
  }

  function tipOfThing({ node, pointer }) {
    tip(make("span", {}, `${thingName(node)} (${kindName(thingOf.get(node).group)})`), pointer.DOM);
  }

  // ── Language and theme ──
  function speak(lang) {
    state.lang = lang;
    document.documentElement.lang = lang;
    document.title = `${word("title")} – kgraph`;
    for (const element of document.querySelectorAll("[data-word]")) element.textContent = word(element.dataset.word);
    for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", word(element.dataset.label));
    for (const element of document.querySelectorAll("[data-lang]")) element.setAttribute("aria-pressed", String(element.dataset.lang === lang));
    legend();
  }

  function dress() {
    const dark = state.theme === null ? darkScheme.matches : state.theme === "dark";
    document.documentElement.dataset.theme = dark ? "dark" : "light";
    by("theme").setAttribute("aria-pressed", String(dark));
  }

  function wear(theme) {
    state.theme = theme;
    dress();
    draw();
  }

  // ── Start ──
  document.documentElement.toggleAttribute("data-framed", framed);
  dress();
  speak(state.lang);
  by("legend").open = !crowded.matches;
  by("empty").hidden = THINGS.length > 0;
  const network = newNetwork();
  by("picture").firstElementChild.tabIndex = -1; // nothing to do there by keyboard: search and panel say it all
  let untouched = true;
  begin();

  function clicked({ nodes, edges }) {
    const id = nodes[0] ?? edges[0];
    if (id === undefined) return close();
    open(id);
    uncover(nodes.length ? network.getPosition(id) : middle(factOf.get(id)));
  }

  /** Where the picture stands on the screen, for those who read the page with a program. */
  function say() {
    const { x, y } = network.getViewPosition();
    by("picture").dataset.view = [network.getScale(), x, y].join(" ");
  }

  /** What the address names; nothing when it is none that was ever written, such as "#50%". */
  function named() {
    try {
      return decodeURIComponent(location.hash.slice(1));
    } catch {
      return "";
    }
  }

  function fromAddress() {
    const id = named();
    if (thingOf.has(id) && state.chosen !== id) choose(id);
  }

  /** Names have a size only once they were drawn, and a frame may get its own late, when a notebook first shows it. */
  function beginAgain() {
    if (untouched && state.chosen === null) begin();
  }

  function hideTip() {
    by("tip").hidden = true;
  }

  network.on("click", clicked);
  network.on("hoverEdge", tipOfFact);
  network.on("hoverNode", tipOfThing);
  for (const event of ["blurEdge", "blurNode", "dragStart", "zoom", "click"]) network.on(event, hideTip);
  network.on("afterDrawing", nameHubs);
  network.on("afterDrawing", say);
  network.once("afterDrawing", beginAgain);
  network.on("resize", beginAgain);
  for (const event of ["pointerdown", "wheel", "keydown"]) addEventListener(event, () => { untouched = false; }, { capture: true, passive: true });
  addEventListener("hashchange", fromAddress);
  darkScheme.addEventListener("change", () => { dress(); draw(); });
  by("theme").addEventListener("click", () => wear(document.documentElement.dataset.theme === "dark" ? "light" : "dark"));
  // a notebook says how it looks itself, whatever the system says
  addEventListener("message", ({ source, data }) => { if (source === parent && ["light", "dark"].includes(data?.theme)) wear(data.theme); });
  for (const button of document.querySelectorAll("[data-lang]")) {
    button.addEventListener("click", () => { speak(button.dataset.lang); draw(); tell(); suggest(); expand(false); });
  }
  by("closer").addEventListener("click", () => zoom(1.3));
  by("farther").addEventListener("click", () => zoom(1 / 1.3));
  by("all").addEventListener("click", () => fit());
  by("close").addEventListener("click", close);
  search.addEventListener("input", suggest);
  search.addEventListener("keydown", searchKey);
  search.addEventListener("blur", () => expand(false));
  addEventListener("keydown", (event) => { if (event.key === "Escape" && event.target !== search) close(); });
  fromAddress();
})();
