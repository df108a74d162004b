import { describe, expect, it } from "vitest";
import { CodePoints } from "../../src/lib/codepoints";

describe("code points", () => {
  it("are UTF-16 units where every character is in the basic plane", () => {
    const c = new CodePoints("قالت الوزارة");
    expect(c.length).toBe(12);
    expect(c.slice([5, 12])).toBe("الوزارة");
  });
  it("count a pair of surrogates once, before, in and after a span", () => {
    const c = new CodePoints("أ🛰️ب😀ج");
    expect(c.length).toBe([..."أ🛰️ب😀ج"].length);
    expect(c.slice([0, 1])).toBe("أ");
    expect(c.slice([1, 2])).toBe("🛰");
    expect(c.slice([3, 5])).toBe("ب😀");
    expect(c.slice([5, 6])).toBe("ج");
  });
  it("agree with spreading on random texts", () => {
    const alphabet = ["ا", "لَ", "x", "😀", "\u202e", "𐍈", "\n", "ﷺ"];
    let seed = 7;
    const random = (n: number) => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) % n;
    for (let round = 0; round < 300; round++) {
      const text = Array.from({ length: random(40) }, () => alphabet[random(alphabet.length)]).join("");
      const points = [...text];
      const c = new CodePoints(text);
      const a = random(points.length + 1);
      const b = a + random(points.length + 1 - a);
      expect(c.slice([a, b])).toBe(points.slice(a, b).join(""));
    }
  });
  it("take a lone surrogate as one character, and pull wild offsets to the ends", () => {
    const c = new CodePoints("a\ud800b");
    expect(c.length).toBe(3);
    expect(c.slice([-5, 99])).toBe("a\ud800b");
    expect(c.slice([2, 1])).toBe("");
    expect(c.slice([NaN, 1])).toBe("");
  });
});
