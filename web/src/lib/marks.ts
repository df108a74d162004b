// Cuts a text wherever a highlight begins or ends, so that highlights may nest and overlap in any way
// while the page stays a flat row of <mark>s: Arabic letters keep joining across them.
import type { Span } from "../api/types";
import { CodePoints } from "./codepoints";

export interface Piece<T> {
  /** In code points. */
  start: number;
  end: number;
  text: string;
  /** What covers it, in the order given. */
  over: T[];
  /** What begins here. */
  begins: T[];
}

/** Pieces in text order, together the whole text. Spans outside the text or empty ones are passed over. */
export function cut<T extends { span: Span }>(text: CodePoints, highlights: readonly T[]): Piece<T>[] {
  const starts = new Map<number, T[]>();
  const ends = new Map<number, T[]>();
  const bounds = new Set<number>([0, text.length]);
  for (const h of highlights) {
    const start = Math.max(0, h.span[0]);
    const end = Math.min(text.length, h.span[1]);
    if (!(end > start)) continue;
    bounds.add(start).add(end);
    push(starts, start, h);
    push(ends, end, h);
  }
  const order = new Map(highlights.map((h, i) => [h, i]));
  const at = [...bounds].sort((a, b) => a - b);
  const open = new Set<T>();
  const pieces: Piece<T>[] = [];
  for (let i = 0; i + 1 < at.length; i++) {
    const [start, end] = [at[i]!, at[i + 1]!];
    for (const h of ends.get(start) ?? []) open.delete(h);
    const begins = starts.get(start) ?? [];
    for (const h of begins) open.add(h);
    const over = [...open].sort((a, b) => order.get(a)! - order.get(b)!);
    pieces.push({ start, end, text: text.slice([start, end]), over, begins });
  }
  return pieces;
}

function push<T>(map: Map<number, T[]>, key: number, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
