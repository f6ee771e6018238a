import { defineConfig } from "vite";
import { ahead } from "./scripts/ahead.mjs";
import { notices } from "./scripts/notices.mjs";

const { main, worker } = notices();

/** What `kgraph serve` answers while the page is developed. */
const ANSWERED = [
  "about", "schema", "network", "chain", "search", "things", "why", "table", "places", "timeline", "questions", "sources",
  "disputes", "sparql", "data",
];

/** One folder of static files that any web host can serve: relative addresses, nothing in-line, nothing from elsewhere. */
export default defineConfig({
  base: "./",
  build: {
    outDir: "../kgraph/static",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    // few requests: what every page loads is one chunk, what most views add another
    rolldownOptions: { output: { codeSplitting: { groups: [
      { name: "core", tags: ["$initial"] },
      { name: "shared", test: /src\/(facets\/|styles\/facets|views\/(grid|share)\.ts)/ },
    ] } } },
  },
  plugins: [main, ahead()],
  worker: { format: "es", plugins: () => [worker()] },
  server: {
    fs: { allow: [".."] },
    proxy: { [`^/(${ANSWERED.join("|")})`]: "http://127.0.0.1:8765" },
  },
});
