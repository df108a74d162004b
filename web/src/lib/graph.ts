// Lays out a chain graph in columns: origins first, each node after those it has its words from.
import type { GraphEdge, GraphNode } from "../api/types";

export interface Placed {
  node: GraphNode;
  layer: number;
  /** Place within the column, from 0; may be a fraction where a column is shorter than the tallest. */
  slot: number;
}
export interface Layout {
  nodes: Map<string, Placed>;
  layers: number;
  slots: number;
}

/** Works on any graph that the server sends: circles are cut where it marks them, or else where they close. */
export function layout(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): Layout {
  const byId = new Map(nodes.map((n) => [n.id, n]));
  const into = new Map<string, string[]>();
  for (const e of edges) {
    if (e.circular || e.from === e.to || !byId.has(e.from) || !byId.has(e.to)) continue;
    into.set(e.to, [...(into.get(e.to) ?? []), e.from]);
  }
  // Longest way from a root. Rounds are bounded by the number of nodes, so an unmarked circle cannot hang it.
  const layer = new Map(nodes.map((n) => [n.id, n.kind === "origin" ? 0 : 1]));
  for (let round = 0; round < nodes.length; round++) {
    let moved = false;
    for (const n of nodes) {
      if (n.kind === "origin") continue;
      const want = Math.min(nodes.length, Math.max(1, ...(into.get(n.id) ?? []).map((f) => layer.get(f)! + 1)));
      if (want > layer.get(n.id)!) {
        layer.set(n.id, want);
        moved = true;
      }
    }
    if (!moved) break;
  }
  const used = [...new Set(layer.values())].sort((a, b) => a - b);
  const columns: string[][] = used.map((l) => nodes.filter((n) => layer.get(n.id) === l).map((n) => n.id));

  // Order each column by where its sources stand, first by root so that one root's outlets lie together.
  const rank = new Map<string, number>();
  const setRanks = () => columns.forEach((c) => c.forEach((id, i) => rank.set(id, (i + 0.5) / c.length)));
  columns[0]?.sort((a, b) => (byId.get(a)!.root ?? 0) - (byId.get(b)!.root ?? 0));
  setRanks();
  for (const column of columns.slice(1)) {
    const weight = (id: string) => {
      const from = into.get(id) ?? [];
      return from.length ? from.reduce((s, f) => s + (rank.get(f) ?? 0), 0) / from.length : (byId.get(id)!.rests_on[0] ?? 0);
    };
    const w = new Map(column.map((id) => [id, weight(id)]));
    column.sort((a, b) => w.get(a)! - w.get(b)!);
    setRanks();
  }
  // Columns are spread so that a node stands near the middle of what hangs on it.
  const slots = Math.max(1, ...columns.map((c) => c.length));
  const placed = new Map<string, Placed>();
  columns.forEach((c, l) => c.forEach((id, i) => placed.set(id, { node: byId.get(id)!, layer: l, slot: ((i + 0.5) * slots) / c.length - 0.5 })));
  return { nodes: placed, layers: columns.length, slots };
}
