import { describe, expect, it, vi } from "vitest";
vi.mock("../../src/lib/settings.svelte", () => ({ restore: () => null, store: () => {} }));
const { parseViews } = await import("../../src/lib/saved.svelte");

describe("saved views", () => {
  it("survive broken and hostile storage", () => {
    const good = { name: "n", href: "/?type=AID", saved: "2031-01-01" };
    for (const bad of [null, "", "{", "5", '{"a":1}']) expect(parseViews(bad)).toEqual([]);
    expect(parseViews(JSON.stringify([good, { ...good, href: "javascript:alert(1)" }, { ...good, href: "//evil.example" }, { ...good, href: "/\\evil.example" }, { name: 5 }, null]))).toEqual([good]);
  });
});
