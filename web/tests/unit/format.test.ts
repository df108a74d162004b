import { beforeEach, describe, expect, it, vi } from "vitest";
const settings = vi.hoisted(() => ({ lang: "en" as "ar" | "en" }));
vi.mock("../../src/lib/settings.svelte", () => ({ settings }));
const f = await import("../../src/lib/format");
const { n, t } = await import("../../src/lib/i18n");

beforeEach(() => (settings.lang = "en"));

describe("dates", () => {
  it("are shown at the precision that was stated, in the source's own clock", () => {
    expect(f.date("2031")).toBe("2031");
    expect(f.date("2031-03")).toBe("Mar 2031");
    expect(f.date("2031-03-11")).toBe("11 Mar 2031");
    expect(f.date("2031-03-11T23:40:00+05:00")).toBe("11 Mar 2031, 23:40");
    expect(f.date("2015/2017")).toBe("2015 – 2017");
    expect(f.date("2020-W53")).toBe("28 Dec 2020 – 3 Jan 2021");
  });
  it("that are none are shown as they came", () => {
    expect(f.date(null)).toBe("");
    expect(f.date("<b>a</b>")).toBe("<b>a</b>");
    expect(f.date("مؤخراً")).toBe("مؤخراً");
  });
  it("follow the language", () => {
    settings.lang = "ar";
    expect(f.date("2031-03-11")).toBe("11 مارس 2031");
  });
});

describe("words", () => {
  it("take the plural form of their number", () => {
    expect([1, 2].map((x) => n("outlets", x))).toEqual(["1 outlet", "2 outlets"]);
    settings.lang = "ar";
    expect([0, 1, 2, 3, 11, 100].map((x) => n("origins", x))).toEqual(["لا مصدر أصلياً", "مصدر أصلي مستقل واحد", "مصدران أصليان مستقلان", "3 مصادر أصلية مستقلة", "11 مصدراً أصلياً مستقلاً", "100 مصدر أصلي مستقل"]);
  });
  it("put values into messages, and leave unknown places alone", () => {
    expect(t("copy_of", { of: "$& x" })).toBe("near-copy of $& x");
  });
  it("name a thing with its bound and model", () => {
    const thing = { what: { ar: null, en: "fighter" }, class: "aircraft", family: null, model: "X-1", count: 8, bound: "at_least" as const, part: false, words: "" };
    expect(f.thing(thing)).toBe("at least 8 × fighter (X-1)");
    expect(f.thing({ ...thing, count: null, model: null })).toBe("fighter");
    expect(f.thing({ ...thing, count: 1, bound: "exact", model: null })).toBe("fighter");
  });
  it("leave the number that stands in the article's own words, and tell weights in English", () => {
    const words = "خمسين طنا من المساعدات الغذائية";
    const thing = { what: { ar: words, en: "relief supplies" }, class: null, family: null, model: null, count: 50, bound: "exact" as const, part: false, words };
    expect(f.thing(thing)).toBe("50 tonnes of relief supplies");
    settings.lang = "ar";
    expect(f.thing(thing)).toBe(words);
    expect(f.thing({ ...thing, what: { ar: "شاحنة", en: null }, words: "شاحنة", count: 40 })).toBe("40 × شاحنة");
    expect(f.thing({ ...thing, what: { ar: "ستار", en: null }, words: "ستار", count: 3 })).toBe("3 × ستار");
  });
  it("quote words that hold quotation marks", () => {
    expect(f.quoted("مقاتلات من طراز «ميغ-29»")).toBe("«مقاتلات من طراز “ميغ-29”»");
  });
  it("take the name of the other language where one is missing", () => {
    expect(f.nameOf({ ar: "أ", en: null })).toBe("أ");
    settings.lang = "ar";
    expect(f.nameOf({ ar: null, en: "A" })).toBe("A");
  });
  it("letter the roots without end", () => {
    expect([0, 25, 26].map(f.letter)).toEqual(["A", "Z", "A2"]);
  });
});

describe("direction", () => {
  it("is that of the first letter", () => {
    expect(["«أ» b", "12 b أ", "", "👍 ش"].map(f.direction)).toEqual(["rtl", "ltr", "ltr", "rtl"]);
  });
});
