import { describe, expect, it } from "vitest";
import type { GraphEdge, GraphNode } from "../../src/api/types";
import { fold, layout } from "../../src/lib/graph";

const node = (id: string, kind: GraphNode["kind"], root: number | null = null): GraphNode => ({ id, kind, name: { ar: id, en: id }, key: null, hidden: false, root, rests_on: root === null ? [] : [root], copy_of: null, first: null, claims: [], stance: null });
const edge = (from: string, to: string, circular = false): GraphEdge => ({ from, to, kind: "said", circular, claims: [] });

describe("the layout of chains", () => {
  it("puts origins first and everyone after those they have it from", () => {
    const l = layout([node("c", "outlet"), node("b", "relay"), node("a", "origin", 0)], [edge("a", "b"), edge("b", "c")]);
    expect(["a", "b", "c"].map((id) => l.nodes.get(id)!.layer)).toEqual([0, 1, 2]);
    expect(l.layers).toBe(3);
  });
  it("keeps the outlets of one root together", () => {
    const l = layout([node("x", "origin", 0), node("y", "origin", 1), node("1", "outlet"), node("2", "outlet"), node("3", "outlet"), node("4", "outlet")], [edge("x", "1"), edge("y", "2"), edge("x", "3"), edge("y", "4")]);
    const slot = (id: string) => l.nodes.get(id)!.slot;
    expect(Math.max(slot("1"), slot("3"))).toBeLessThan(Math.min(slot("2"), slot("4")));
  });
  it("ends on circles, marked or not, and on edges to nowhere", () => {
    const nodes = [node("a", "outlet"), node("b", "outlet"), node("c", "outlet")];
    for (const circular of [true, false]) {
      const l = layout(nodes, [edge("a", "b"), edge("b", "a", circular), edge("b", "c"), edge("c", "c"), edge("q", "a")]);
      expect(l.nodes.size).toBe(3);
      expect(l.layers).toBeLessThanOrEqual(3);
    }
  });
  it("takes no nodes at all", () => {
    expect(layout([], [])).toEqual({ nodes: new Map(), layers: 0, slots: 1 });
  });
});

describe("folding a large graph", () => {
  const origins = [0, 1].map((r) => node(`o${r}`, "origin", r));
  const outlets = Array.from({ length: 40 }, (_, i) => ({ ...node(`p${i}`, "outlet"), rests_on: [i % 2], first: `2031-01-${String(i + 1).padStart(2, "0")}` }));
  const edges = outlets.map((p, i) => edge(`o${i % 2}`, p.id));
  it("gathers outlets that have the same from the same hands, and loses none", () => {
    const f = fold([...origins, ...outlets], edges);
    expect(f.nodes.length).toBe(2 + 2 * 3);
    expect(f.nodes.filter((n) => n.kind === "outlet").reduce((s, n) => s + Math.max(1, n.folded), 0)).toBe(40);
    expect(f.nodes.some((n) => n.id === "p0") && f.nodes.some((n) => n.id === "p1")).toBe(true);
    expect(f.edges.length).toBe(6);
  });
  it("keeps those that others have it from, and small graphs as they are", () => {
    const f = fold([...origins, ...outlets, node("q", "outlet")], [...edges, edge("p39", "q")]);
    expect(f.nodes.some((n) => n.id === "p39" && n.folded === 0)).toBe(true);
    const small = fold([...origins, outlets[0]!], [edges[0]!]);
    expect(small.nodes.every((n) => n.folded === 0) && small.nodes.length === 3).toBe(true);
  });
});
