import { describe, expect, it } from "vitest";
import { CodePoints } from "../../src/lib/codepoints";
import { cut } from "../../src/lib/marks";
import type { Span } from "../../src/api/types";

const run = (text: string, spans: Span[]) => cut(new CodePoints(text), spans.map((span, id) => ({ span, id })));

describe("cutting a text at its highlights", () => {
  it("keeps the whole text, whatever nests or overlaps", () => {
    const text = "أرسلت نوران 8 طائرات 😀 إلى الجبهة";
    const pieces = run(text, [[0, 30], [6, 11], [9, 20], [9, 9], [25, 999], [-4, 3], [50, 60]]);
    expect(pieces.map((p) => p.text).join("")).toBe(text);
    for (let i = 1; i < pieces.length; i++) expect(pieces[i]!.start).toBe(pieces[i - 1]!.end);
  });
  it("tells what covers and what begins at each piece", () => {
    const pieces = run("abcdef", [[1, 5], [2, 3]]);
    expect(pieces.map((p) => [p.text, p.over.map((h) => h.id), p.begins.map((h) => h.id)])).toEqual([
      ["a", [], []],
      ["b", [0], [0]],
      ["c", [0, 1], [1]],
      ["de", [0], []],
      ["f", [], []],
    ]);
  });
  it("takes two equal spans", () => {
    expect(run("abc", [[0, 2], [0, 2]]).map((p) => p.over.length)).toEqual([2, 0]);
  });
  it("gives nothing for an empty text", () => {
    expect(run("", [[0, 3]])).toEqual([]);
  });
  it("stays fast on many overlapping spans", () => {
    const text = "س".repeat(20_000);
    const spans = Array.from({ length: 4000 }, (_, i): Span => [i * 5, i * 5 + 20]);
    const began = performance.now();
    expect(run(text, spans).map((p) => p.text).join("")).toBe(text);
    expect(performance.now() - began).toBeLessThan(1500);
  });
});
