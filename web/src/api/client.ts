// The one place that talks to the server: addresses, ETags, errors, tokens.
import type * as T from "./types";

const BASE = "/api/v1";
const TOKEN = "isnad.token";
/** Answers kept for revalidation; the oldest go first. */
const KEPT = 200;

/** What went wrong, in the server's words where it answered. `status` is 0 where it did not. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly problem: T.Problem | null,
    message: string,
  ) {
    super(message);
    this.name = "ApiError";
  }
}

export type Query = Record<string, string | number | boolean | string[] | null | undefined>;

/** Lists repeat their parameter; empty values are left out; the order is fixed, so that equal questions have equal addresses. */
export function queryString(query: Query): string {
  const p = new URLSearchParams();
  for (const k of Object.keys(query).sort()) {
    const v = query[k];
    if (v === null || v === undefined || v === "") continue;
    for (const one of Array.isArray(v) ? v : [v]) p.append(k, String(one));
  }
  const s = p.toString();
  return s ? `?${s}` : "";
}

const cache = new Map<string, { etag: string; body: unknown }>();

function remember(url: string, etag: string, body: unknown): void {
  cache.delete(url);
  cache.set(url, { etag, body });
  if (cache.size > KEPT) cache.delete(cache.keys().next().value as string);
}

export function setToken(token: string): void {
  if (token) sessionStorage.setItem(TOKEN, token);
  else sessionStorage.removeItem(TOKEN);
  cache.clear();
}

export function hasToken(): boolean {
  return sessionStorage.getItem(TOKEN) !== null;
}

function headers(extra: Record<string, string> = {}): Record<string, string> {
  const token = sessionStorage.getItem(TOKEN);
  return token ? { ...extra, Authorization: `Bearer ${token}` } : extra;
}

async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { credentials: "same-origin", ...init });
  } catch (e) {
    if (init.signal?.aborted) throw e;
    throw new ApiError(0, null, String(e));
  }
}

async function refuse(r: Response): Promise<never> {
  let problem: T.Problem | null = null;
  if ((r.headers.get("content-type") ?? "").includes("json")) {
    problem = (await r.json().catch(() => null)) as T.Problem | null;
  }
  throw new ApiError(r.status, problem, problem?.detail ?? problem?.title ?? `${r.status} ${r.statusText}`);
}

async function get<R>(path: string, query: Query = {}, signal?: AbortSignal): Promise<R> {
  const url = BASE + path + queryString(query);
  const known = cache.get(url);
  const r = await send(url, { signal, headers: headers(known ? { "If-None-Match": known.etag } : {}) });
  if (r.status === 304 && known) return known.body as R;
  if (!r.ok) await refuse(r);
  const body = (await r.json()) as R;
  const etag = r.headers.get("etag");
  if (etag) remember(url, etag, body);
  return body;
}

async function post(path: string, body: unknown, accept: string, signal?: AbortSignal): Promise<Response> {
  const r = await send(BASE + path, {
    method: "POST",
    signal,
    headers: headers({ "Content-Type": "application/json", Accept: accept }),
    body: JSON.stringify(body),
  });
  if (!r.ok) await refuse(r);
  return r;
}

export interface Page {
  limit?: number;
  cursor?: string;
  /** Rows to pass over after the cursor: how a long list jumps to its middle. */
  skip?: number;
}
const q = (f: T.Filters, p: Page = {}): Query => ({ ...f, ...p }) as Query;
const id = encodeURIComponent;

export const api = {
  meta: (s?: AbortSignal) => get<T.Meta>("/meta", {}, s),
  happenings: (f: T.Filters, p: Page, s?: AbortSignal) => get<T.List<T.HappeningSummary>>("/happenings", q(f, p), s),
  happening: (i: string, s?: AbortSignal) => get<T.HappeningFull>(`/happenings/${id(i)}`, {}, s),
  events: (f: T.Filters, p: Page, s?: AbortSignal) => get<T.List<T.Claim>>("/events", q(f, p), s),
  statements: (f: T.Filters, p: Page, s?: AbortSignal) => get<T.List<T.StatementRow>>("/statements", q(f, p), s),
  documents: (f: T.Filters, p: Page, s?: AbortSignal) => get<T.List<T.DocumentSummary>>("/documents", q(f, p), s),
  document: (i: string, version: string | null, s?: AbortSignal) => get<T.DocumentFull>(`/documents/${id(i)}`, { version }, s),
  stories: (f: T.Filters, p: Page, s?: AbortSignal) => get<T.List<T.StorySummary>>("/stories", q(f, p), s),
  story: (i: string, s?: AbortSignal) => get<T.StoryFull>(`/stories/${id(i)}`, {}, s),
  actors: (f: T.Filters, p: Page, s?: AbortSignal) => get<T.List<T.ActorSummary>>("/actors", q(f, p), s),
  actor: (k: string, f: T.Filters, s?: AbortSignal) => get<T.ActorFull>(`/actors/${id(k)}`, q(f), s),
  outlets: (f: T.Filters, p: Page, s?: AbortSignal) => get<T.List<T.OutletSummary>>("/outlets", q(f, p), s),
  outlet: (k: string, f: T.Filters, s?: AbortSignal) => get<T.OutletFull>(`/outlets/${id(k)}`, q(f), s),
  transfers: (f: T.Filters, p: Page, s?: AbortSignal) => get<T.List<T.TransferSummary>>("/transfers", q(f, p), s),
  flows: (f: T.Filters, s?: AbortSignal) => get<{ flows: T.TransferFlow[]; revision: number }>("/transfers/flows", q(f), s),
  timeline: (f: T.Filters, unit: T.TimeUnit | "auto", s?: AbortSignal) => get<T.Timeline>("/timeline", { ...q(f), unit }, s),
  map: (f: T.Filters, bbox: string, zoom: number, s?: AbortSignal) => get<T.MapView>("/map", { ...q(f), bbox, zoom }, s),
  search: (f: T.Filters, p: Page, s?: AbortSignal) => get<T.SearchList>("/search", q(f, p), s),

  read: async (d: T.NewDocument, s?: AbortSignal) =>
    (await (await post("/read", d, "application/json", s)).json()) as T.ReadOnly,

  /** Adds a document and tells each step as the server takes it. */
  async add(d: T.NewDocument, told: (p: T.AddProgress) => void, s?: AbortSignal): Promise<void> {
    const r = await post("/documents", d, "application/x-ndjson", s);
    if (!r.body) throw new ApiError(0, null, "empty answer");
    const reader = r.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    let ended = false;
    const take = (line: string) => {
      if (!line.trim()) return;
      const p = JSON.parse(line) as T.AddProgress;
      ended ||= p.stage === "end";
      told(p);
    };
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      const lines = (rest + value).split("\n");
      rest = lines.pop() ?? "";
      lines.forEach(take);
    }
    take(rest);
    if (!ended) throw new ApiError(0, null, "the connection broke before the end");
  },

  exportUrl: (what: T.ExportWhat, format: T.ExportFormat, f: T.Filters) => `${BASE}/export${queryString({ ...q(f), what, format })}`,

  /** For callers with a token, whose downloads a plain link cannot carry. */
  async exportBlob(what: T.ExportWhat, format: T.ExportFormat, f: T.Filters): Promise<Blob> {
    const r = await send(this.exportUrl(what, format, f), { headers: headers() });
    if (!r.ok) await refuse(r);
    return r.blob();
  },
};
