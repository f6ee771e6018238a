import { defineConfig } from "vite";

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
  },
  worker: { format: "es" },
  server: {
    fs: { allow: [".."] },
    proxy: { "^/(about|schema|network|chain|search|things|why|table|places|timeline|questions|sources|disputes|sparql|data)": "http://127.0.0.1:8765" },
  },
});
