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

/** Outlets that have the same thing from the same hands, drawn as one. */
export interface Folded {
  nodes: (GraphNode & { folded: number })[];
  edges: GraphEdge[];
}
/** Larger graphs are folded, so that their roots stay in sight. */
const MANY = 16;
/** Of outlets that are alike, so many are drawn by themselves. */
const APART = 2;

/**
 * Where a graph has many nodes, outlets on which nothing hangs, with the same sources in the same way, are gathered:
 * the earliest few by themselves, the rest as one node with their number.
 */
export function fold(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): Folded {
  const plain = nodes.map((n) => ({ ...n, folded: 0 }));
  if (nodes.length <= MANY) return { nodes: plain, edges: [...edges] };
  const gives = new Set(edges.map((e) => e.from));
  const got = new Map<string, string[]>();
  for (const e of edges) got.set(e.to, [...(got.get(e.to) ?? []), `${e.from} ${e.kind}`]);
  const alike = new Map<string, typeof plain>();
  for (const n of plain) {
    if (n.kind !== "outlet" || gives.has(n.id)) continue;
    const key = JSON.stringify([got.get(n.id)?.sort(), n.rests_on, n.copy_of, n.stance === "deny"]);
    alike.set(key, [...(alike.get(key) ?? []), n]);
  }
  const into = new Map<string, string>();
  const heaps: typeof plain = [];
  for (const group of alike.values()) {
    const rest = group.sort((a, b) => (a.first ?? "~").localeCompare(b.first ?? "~")).slice(APART);
    if (rest.length < 2) continue;
    const id = `fold:${rest[0]!.id}`;
    heaps.push({ ...rest[0]!, id, key: null, claims: rest.flatMap((n) => n.claims), folded: rest.length });
    for (const n of rest) into.set(n.id, id);
  }
  const joined = new Map<string, GraphEdge>();
  for (const e of edges) {
    const to = into.get(e.to) ?? e.to;
    const key = [e.from, to, e.kind, e.circular].join("\n");
    const had = joined.get(key);
    joined.set(key, { ...e, to, claims: had ? [...had.claims, ...e.claims] : e.claims });
  }
  return { nodes: [...plain.filter((n) => !into.has(n.id)), ...heaps], edges: [...joined.values()] };
}
