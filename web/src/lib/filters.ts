// Filters live in the query of the address under the same names as in the API.
import type { Filters } from "../api/types";
import { route } from "./router.svelte";

const MANY = ["type", "mode", "status"] as const;
const ONE = ["actor", "recipient", "country", "place", "from", "to", "outlet", "origin", "via", "polarity", "loaded", "class", "q", "sort"] as const;
/** All filters in the order that the panel shows them. */
export const FILTER_NAMES = ["q", "type", "mode", "actor", "recipient", "class", "country", "place", "radius", "from", "to", "outlet", "origin", "via", "status", "polarity", "loaded"] as const;
export type FilterName = (typeof FILTER_NAMES)[number];

/** Reads the filters of a query; what makes no sense is left out rather than sent on. */
export function filtersOf(q: URLSearchParams): Filters {
  const f: Record<string, unknown> = {};
  for (const k of MANY) {
    const v = q.getAll(k).filter(Boolean);
    if (v.length) f[k] = v;
  }
  for (const k of ONE) {
    const v = q.get(k)?.trim();
    if (v) f[k] = v;
  }
  const radius = Number(q.get("radius"));
  if (radius > 0 && f.place) f.radius = radius;
  return f as Filters;
}

/** The filters of the page now shown. */
export const currentFilters = (): Filters => filtersOf(route.query);

/** The same filters as part of an address. */
export function filterQuery(f: Filters): string {
  const p = new URLSearchParams();
  for (const [k, v] of Object.entries(f)) for (const one of Array.isArray(v) ? v : [v]) if (one) p.append(k, String(one));
  const s = p.toString();
  return s ? `?${s}` : "";
}
