/**
 * Requests the chunks and the answers that the address needs, while the program is still loading.
 *
 * `src/api.ts` takes the answers; an address with more than a view and its start has only its chunks requested.
 */
(() => {
  const { dataset: { chunks } } = document.currentScript;
  const [, named, search = ""] = /^#\/?([a-z]*)\??(.*)$/.exec(location.hash) ?? [];
  const view = named || "network";
  for (const href of JSON.parse(chunks)[view] ?? []) {
    document.head.append(Object.assign(document.createElement("link"), { rel: "modulepreload", href }));
  }
  if (document.querySelector('meta[name="kgraph-files"]')) return;
  const asked = new URLSearchParams(search);
  const isChosen = [...asked.keys()].some((name) => !["start", "lang", "theme", "thing", "fact", "list"].includes(name));
  if (isChosen) return;
  const start = asked.get("start");
  const network = start?.startsWith("focus:") ? null : start === "whole" ? "network?whole=1" : "network";
  const own = { network, map: "places", timeline: "timeline" }[view];
  const answers = {};
  for (const path of own ? [own, "facets"] : []) {
    const { href } = new URL(path, document.baseURI);
    answers[href] = fetch(href, { headers: { Accept: "application/json" } });
    answers[href].catch(() => undefined);
  }
  window.kgraphAhead = answers;
})();
