// The API counts code points, JavaScript counts UTF-16 units. This is the only place that converts.
import type { Span } from "../api/types";

/** Answers where a code point begins in UTF-16; works in constant time after one pass over the text. */
export class CodePoints {
  /** Positions (in code points) of the characters that take two units, ascending; empty for nearly every Arabic text. */
  private readonly wide: number[] = [];
  /** Length of the text in code points. */
  readonly length: number;

  constructor(readonly text: string) {
    let point = 0;
    for (let unit = 0; unit < text.length; point++) {
      const pair = text.codePointAt(unit)! > 0xffff;
      if (pair) this.wide.push(point);
      unit += pair ? 2 : 1;
    }
    this.length = point;
  }

  /** UTF-16 offset of a code point offset; offsets outside the text are pulled to its ends. */
  unit(point: number): number {
    const p = Math.max(0, Math.min(this.length, Math.trunc(point) || 0));
    let low = 0;
    let high = this.wide.length;
    while (low < high) {
      const mid = (low + high) >> 1;
      if (this.wide[mid]! < p) low = mid + 1;
      else high = mid;
    }
    return p + low;
  }

  /** The words of a span; empty for a span that is none. */
  slice([start, end]: Span): string {
    return end > start ? this.text.slice(this.unit(start), this.unit(end)) : "";
  }
}
