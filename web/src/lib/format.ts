// Numbers, dates and names for people, by Intl.
import type { Bound, EventType, Name, Party, ThingSummary } from "../api/types";
import { settings, type Lang } from "./settings.svelte";

/** Gregorian dates; day first in English. Arabic takes the digits that most articles use: a ٠ beside a separating dot misleads the eye. */
const LOCALE: Record<Lang, string> = { ar: "ar-u-ca-gregory-nu-latn", en: "en-GB" };
export const locale = (): string => LOCALE[settings.lang];

const made = new Map<string, unknown>();
function kept<T>(key: string, make: () => T): T {
  const k = settings.lang + key;
  if (!made.has(k)) made.set(k, make());
  return made.get(k) as T;
}

export const number = (n: number, options: Intl.NumberFormatOptions = {}): string =>
  kept("n" + JSON.stringify(options), () => new Intl.NumberFormat(locale(), options)).format(n);
export const compact = (n: number): string => number(n, { notation: n < 10_000 ? "standard" : "compact", maximumFractionDigits: 1 });
export const percent = (n: number): string => number(n, { style: "percent", maximumFractionDigits: 0 });

/** A date at the precision it is given in: year, month, week, day or minute. Ranges `a/b` are shown as ranges; what is none of these, as it came. */
export function date(value: string | null | undefined): string {
  if (!value) return "";
  const range = value.split("/");
  if (range.length === 2 && range.every((r) => /^\d{4}/.test(r))) return `${date(range[0])} – ${date(range[1])}`;
  const week = /^(\d{4})-W(\d\d)$/.exec(value);
  if (week) return weekRange(+week[1]!, +week[2]!);
  const m = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d))?)?)?/.exec(value);
  if (!m) return value;
  const [, y, mo, d, h] = m;
  const options: Intl.DateTimeFormatOptions = { timeZone: "UTC", year: "numeric" };
  if (mo) options.month = "short";
  if (d) options.day = "numeric";
  // The clock is shown as the source wrote it, in its own zone.
  if (h) Object.assign(options, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const when = Date.UTC(+y!, mo ? +mo - 1 : 0, d ? +d : 1, h ? +h : 0, h ? +m[5]! : 0);
  return Number.isNaN(when) ? value : kept("d" + JSON.stringify(options), () => new Intl.DateTimeFormat(locale(), options)).format(when);
}
/** First and last day of an ISO week. */
function weekRange(year: number, week: number): string {
  const fourth = new Date(Date.UTC(year, 0, 4)); // always in week 1
  const monday = fourth.getTime() - ((fourth.getUTCDay() + 6) % 7) * 86_400_000 + (week - 1) * 7 * 86_400_000;
  const iso = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  return `${date(iso(monday))} – ${date(iso(monday + 6 * 86_400_000))}`;
}

/** A name in the language shown, else in the other. */
export function nameOf(n: Name | null | undefined): string {
  if (!n) return "";
  return (settings.lang === "ar" ? (n.ar ?? n.en) : (n.en ?? n.ar)) ?? "";
}
/** Each name is isolated (FSI … PDI), so that Arabic and Latin names in one list keep their order. */
export const listOf = (words: readonly string[]): string => kept("list", () => new Intl.ListFormat(locale(), { type: "conjunction" })).format(words.map((w) => `\u2068${w}\u2069`));
export const partyNames = (list: readonly Party[]): string => listOf(list.map((p) => nameOf(p.name)));

const BOUND: Record<Lang, Record<Bound, string>> = {
  en: { exact: "", about: "about", at_least: "at least", more_than: "more than", up_to: "up to" },
  ar: { exact: "", about: "نحو", at_least: "ما لا يقل عن", more_than: "أكثر من", up_to: "ما يصل إلى" },
};
export const count = (n: number | null, bound: Bound | null): string =>
  n === null ? "" : [bound ? BOUND[settings.lang][bound] : "", number(n)].filter(Boolean).join(" ");

/** A number in figures or words, as far as a list of stems can tell. */
const NUMBERED = /\d|[٠-٩]|(?:^|\s)[ولب]?(?:ال)?(?:ثلاث|أربع|خمس|ست[ةىي\s]|سبع|ثمان|تسع|عشر|مئ|مائ|ألف|آلاف|مليون)/u;
const TONNES = /(?:^|\s)(?:طن|طنا|طناً|أطنان|طنين)(?:\s|$)/u;

/** «at least 8 × fighter aircraft (MiG-29)». What is told in the article's own words keeps the number that stands in them. */
export function thing(t: ThingSummary): string {
  const what = nameOf(t.what) || t.words;
  const full = t.model && !what.includes(t.model) ? `${what} (${t.model})` : what;
  const one = t.count === 1 && (t.bound === null || t.bound === "exact");
  if (t.count === null || one || (what === t.words && NUMBERED.test(what))) return full;
  if (settings.lang === "en" && TONNES.test(t.words)) return `${count(t.count, t.bound)} tonnes of ${full}`;
  return `${count(t.count, t.bound)} × ${full}`;
}

/** Words of a source in quotation marks; those that stand in them are of the inner kind. */
export const quoted = (words: string): string => `«${words.replace(/[«"]/gu, "“").replace(/[»]/gu, "”")}»`;

/** Direction of a text by its first letter. For long texts in place of `dir="auto"`, which looks through the whole text at every piece put in. */
export function direction(text: string): "rtl" | "ltr" {
  const first = /\p{L}/u.exec(text)?.[0];
  return first && /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u.test(first) ? "rtl" : "ltr";
}

/** PLOVER's four quarters: words or deeds, cooperation or conflict. */
export type Quad = "vc" | "mc" | "vx" | "mx";
const QUAD: Record<EventType, Quad> = {
  AGREE: "vc", CONSULT: "vc", SUPPORT: "vc", CONCEDE: "vc",
  COOPERATE: "mc", AID: "mc", RETREAT: "mc",
  REQUEST: "vx", ACCUSE: "vx", REJECT: "vx", THREATEN: "vx",
  PROTEST: "mx", SANCTION: "mx", MOBILIZE: "mx", COERCE: "mx", ASSAULT: "mx",
};
export const quad = (t: EventType): Quad => QUAD[t] ?? "vx";
export const QUADS: readonly Quad[] = ["vc", "mc", "vx", "mx"];

/** Letters that name independent origins beside their colours: A, B, C or أ، ب، ج. */
export function letter(i: number): string {
  const letters = settings.lang === "ar" ? "أبجدهوزحطيكلمنسعفصقرشت" : "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const l = [...letters];
  return l[i % l.length]! + (i >= l.length ? number(Math.floor(i / l.length) + 1) : "");
}
