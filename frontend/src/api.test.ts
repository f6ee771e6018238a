import { afterEach, expect, test, vi } from "vitest";
import { BASE, documentOf, http } from "./api";

afterEach(() => { vi.restoreAllMocks(); });

test("a query is waited for longer than the server lets it take", async () => {
  vi.spyOn(globalThis, "fetch")
    .mockImplementation(async (url) => Response.json(String(url).endsWith("about") ? { timeout: 60 } : { head: {} }));
  const patience = vi.spyOn(AbortSignal, "timeout");
  const source = http(new URL("http://here.example/"));
  await source.sparql("ASK {}", "application/sparql-results+json");
  await source.answer("founders", "en", {}, null);
  expect(patience.mock.calls.map(([milliseconds]) => milliseconds)).toEqual([30_000, 70_000, 70_000]);
});

test.each([
  ["id/mcps", "id/mcps", ""],
  ["kind/role", "kind/role", ""],
  ["kind/role/director", "kind/role", "#director"],
  ["kind/topic/zioła", "kind/topic", "#zio%C5%82a"],
  ["ns#Cluster", "ns", "#Cluster"],
])("%s is told of in the document %s at %s", (iri, path, place) => {
  expect(documentOf(BASE + iri)).toEqual([path, place]);
});
