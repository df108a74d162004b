import { describe, expect, it } from "vitest";
import type { Reading } from "../../src/api/types";
import { entityAt, finder, highlights, LAYERS, parsePick, pickedHighlights } from "../../src/lib/layers";

const reading: Reading = {
  id: "d",
  entities: [{ id: "e1", type: "MIL", name: "Front", key: "actor:Front", mentions: [[5, 16]] }],
  statements: [{ id: "st1", chain: [{ role: "origin", span: null }], cue: null, content: [[0, 20]], direct: false, stance: "neutral" }],
  events: [{ id: "ev1", type: "AID", mode: null, trigger: [0, 4], actor: [[5, 16]], recipient: [], things: [], place: [], time: [], status: "actual", polarity: "positive", statement: "st1" }],
  framing: [{ span: [17, 20], kind: "pejorative" }],
};

describe("the layers of an article", () => {
  it("names words by an entity only where it is most of them", () => {
    expect(entityAt(reading, [5, 16])?.id).toBe("e1");
    expect(entityAt(reading, [0, 16])?.id).toBe("e1");
    expect(entityAt(reading, [0, 30])).toBeUndefined();
    expect(entityAt(reading, [6, 12])).toBeUndefined();
  });
  it("can each be turned off, and a saying without a cue is picked by its content", () => {
    expect(highlights(reading, new Set(LAYERS)).map((h) => h.style)).toEqual(["event", "content", "loaded", "entity"]);
    expect(highlights(reading, new Set())).toEqual([]);
    expect(highlights(reading, new Set(["statement"]))[0]!.pick).toEqual({ layer: "statement", id: "st1" });
  });
  it("find what was picked, and nothing for what is not there", () => {
    const find = finder(reading);
    expect(find(parsePick("event:ev1")).event?.id).toBe("ev1");
    expect(find(parsePick("loaded:0")).framing?.kind).toBe("pejorative");
    for (const bad of ["event:x", "loaded:7", "nothing", "", null]) expect(Object.values(find(parsePick(bad))).filter(Boolean)).toEqual([]);
    expect(pickedHighlights(find(parsePick("event:ev1"))).map((h) => h.style)).toEqual(["picked", "role-actor"]);
  });
});
