// What is highlighted in an article, in which order it is told, and what an event's words are.
import type { Document, Entity, Event, Framing, Reading, Span, Statement } from "../api/types";
import { CodePoints } from "./codepoints";

export type Layer = "entity" | "event" | "statement" | "loaded";
export const LAYERS: readonly Layer[] = ["event", "statement", "entity", "loaded"];
export type Role = "actor" | "recipient" | "thing" | "place" | "time";

export interface Pick {
  layer: Layer;
  id: string;
}
export interface Highlight {
  span: Span;
  /** `content` is what a saying says; it is shown, but not a stop of its own. `noise` was not read. */
  style: Layer | "content" | "noise" | `role-${Role}` | "picked";
  pick: Pick | null;
}

export const wholeText = (d: Document): CodePoints => new CodePoints(d.title === undefined || d.title === null ? d.text : `${d.title}\n${d.text}`);

/** All highlights of the layers that are on, those told first in front. */
export function highlights(r: Reading, on: ReadonlySet<Layer>): Highlight[] {
  const out: Highlight[] = [];
  if (on.has("event")) for (const e of r.events) out.push({ span: e.trigger, style: "event", pick: { layer: "event", id: e.id } });
  if (on.has("statement"))
    for (const s of r.statements) {
      if (s.cue) out.push({ span: s.cue, style: "statement", pick: { layer: "statement", id: s.id } });
      for (const c of s.content) out.push({ span: c, style: "content", pick: s.cue ? null : { layer: "statement", id: s.id } });
    }
  if (on.has("loaded")) r.framing.forEach((f, i) => out.push({ span: f.span, style: "loaded", pick: { layer: "loaded", id: String(i) } }));
  if (on.has("entity")) for (const e of r.entities) for (const m of e.mentions) out.push({ span: m, style: "entity", pick: { layer: "entity", id: e.id } });
  for (const f of r.furniture ?? []) out.push({ span: f, style: "noise", pick: null });
  return out;
}

export interface Found {
  event?: Event;
  statement?: Statement;
  entity?: Entity;
  framing?: Framing;
}
/** Finds what was picked in constant time: a long article has thousands of highlights. */
export function finder(r: Reading): (p: Pick | null) => Found {
  const byId = <T extends { id: string }>(list: T[]) => new Map(list.map((x) => [x.id, x]));
  const [events, statements, entities] = [byId(r.events), byId(r.statements), byId(r.entities)];
  return (p) => {
    switch (p?.layer) {
      case "event": return { event: events.get(p.id) };
      case "statement": return { statement: statements.get(p.id) };
      case "entity": return { entity: entities.get(p.id) };
      case "loaded": return { framing: r.framing[Number(p.id)] };
      default: return {};
    }
  };
}

/** The words that play a part in an event. */
export function roles(e: Event): [Role, Span][] {
  return [
    ...e.actor.map((s): [Role, Span] => ["actor", s]),
    ...e.recipient.map((s): [Role, Span] => ["recipient", s]),
    ...e.things.map((t): [Role, Span] => ["thing", t.span]),
    ...e.place.map((s): [Role, Span] => ["place", s]),
    ...e.time.map((s): [Role, Span] => ["time", s]),
  ];
}

/** Highlights that the picked thing adds: its roles, or its own words where its layer is off. */
export function pickedHighlights(f: Found): Highlight[] {
  const own = (span: Span | null | undefined): Highlight[] => (span ? [{ span, style: "picked", pick: null }] : []);
  if (f.event) return [...own(f.event.trigger), ...roles(f.event).map(([r, span]): Highlight => ({ span, style: `role-${r}`, pick: null }))];
  if (f.statement) return [...own(f.statement.cue), ...f.statement.chain.flatMap((l) => own(l.span)), ...f.statement.content.flatMap(own)];
  if (f.entity) return f.entity.mentions.flatMap(own);
  if (f.framing) return own(f.framing.span);
  return [];
}

/**
 * The entity that these words name: mentioned by exactly them, or by most of them («forces of the Front» for the Front).
 * A name that is but a part of them («the spokesman of the Front») says who they belong to, not who they are.
 */
export function entityAt(r: Reading, [start, end]: Span): Entity | undefined {
  let best: Entity | undefined;
  let most = (end - start) / 2;
  for (const e of r.entities)
    for (const [s, t] of e.mentions)
      if (s >= start && t <= end && t - s > most) {
        best = e;
        most = t - s;
      }
  return best;
}

export const parsePick = (s: string | null): Pick | null => {
  const m = /^(event|statement|entity|loaded):(.+)$/.exec(s ?? "");
  return m ? { layer: m[1] as Layer, id: m[2]! } : null;
};
