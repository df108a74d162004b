#!/usr/bin/env node
// A stand-in for the Isnad server, for development and browser tests: the API of web/API.md over an invented world.
//   node mock/server.mjs            serves dist/ and the API on http://127.0.0.1:8081
//   node mock/server.mjs --dev      the same, pages through Vite with hot reload
// Environment: PORT, ISNAD_MOCK_HAPPENINGS (100000), ISNAD_MOCK_DELAY (milliseconds added to every answer).
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import * as data from "./data.mjs";

const DIST = fileURLToPath(new URL("../dist/", import.meta.url));
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".json": "application/json" };
/** What the real server sends too; the browser tests run under it. */
export const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types svelte-trusted-html";

class Refusal extends Error {
  constructor(status, title, detail, parameter) {
    super(title);
    this.problem = { type: "about:blank", title, status, detail, parameter };
  }
}
const found = (x, what) => {
  if (!x) throw new Refusal(404, "Not found", `The ledger has no such ${what}.`);
  return x;
};

const routes = [
  [/^\/meta$/, () => data.meta(true)],
  [/^\/happenings$/, (q) => data.list(data.matching(q), q)],
  [/^\/happenings\/(.+)$/, (_, id) => found(data.happening(id), "happening")],
  [/^\/events$/, (q) => data.list(data.events(q), q)],
  [/^\/statements$/, (q) => data.list(data.statements(q), q)],
  [/^\/documents$/, (q) => data.list(data.documents(q).rows, q)],
  [/^\/documents\/(.+)$/, (_, id) => found(id.startsWith("s-") ? data.syntheticFull(id) : data.article(id) && data.documentFull(data.article(id)), "document")],
  [/^\/stories$/, (q) => data.list(data.stories(), q)],
  [/^\/stories\/(.+)$/, (_, id) => found(data.story(id), "story")],
  [/^\/actors$/, (q) => data.list(data.actorList().filter((a) => !q.get("q") || `${a.key} ${a.name.ar} ${a.name.en}`.toLowerCase().includes(q.get("q").toLowerCase())), q)],
  [/^\/actors\/(.+)$/, (_, key) => found(data.actor(key), "actor")],
  [/^\/outlets$/, (q) => data.list(data.outletList(), q)],
  [/^\/outlets\/(.+)$/, (_, key) => found(data.outlet(key), "outlet")],
  [/^\/transfers$/, (q) => data.list(data.matchingTransfers(q), q)],
  [/^\/transfers\/flows$/, (q) => data.flows(q)],
  [/^\/timeline$/, (q) => data.timeline(q)],
  [/^\/map$/, (q) => data.map(q)],
  [/^\/search$/, (q) => data.search(q)],
];

/** A broken % in an address is an address like any other. */
const decoded = (s) => {
  try {
    return decodeURIComponent(s);
  } catch {
    return s;
  }
};
const pause = (ms) => new Promise((r) => setTimeout(r, ms));
const json = (res, status, body, headers = {}) => {
  res.writeHead(status, { "Content-Type": status >= 400 ? "application/problem+json" : "application/json", ...headers });
  res.end(JSON.stringify(body));
};
async function bodyOf(req) {
  let text = "";
  for await (const part of req) {
    text += part;
    if (text.length > 4e6) throw new Refusal(413, "Too large", "An article may have at most 4 MB.");
  }
  return JSON.parse(text || "{}");
}

async function api(req, res, path, q) {
  if (process.env.ISNAD_MOCK_DELAY) await pause(Number(process.env.ISNAD_MOCK_DELAY));
  if (q.get("q") === "!fail") throw new Refusal(500, "Internal error", "The mock fails because it was asked to.");
  if (req.method === "POST" && path === "/read") {
    const d = await bodyOf(req);
    const a = data.sample();
    // The mock cannot read: it answers with its own article whatever the text.
    return json(res, 200, { document: a.document, reading: a.reading, names: a.names, reader: { version: "0.3.0", lexicon: "a41f9c" }, milliseconds: d.text?.length ?? 0 });
  }
  if (req.method === "POST" && path === "/documents") {
    const d = await bodyOf(req);
    res.writeHead(200, { "Content-Type": "application/x-ndjson" });
    const tell = (p) => res.write(JSON.stringify(p) + "\n");
    for (const stage of d.url ? ["fetch", "extract", "read", "store", "trace"] : ["read", "store", "trace"]) {
      tell({ stage, state: "begun" });
      await pause(80);
      if (stage === "fetch" && d.url.includes("fail")) {
        tell({ stage: "end", state: "failed", problem: { type: "about:blank", title: "Could not fetch", status: 502, detail: "The host did not answer within 20 seconds." } });
        return res.end();
      }
      tell({ stage, state: "done", milliseconds: 80, detail: stage === "trace" ? "h-drones" : undefined });
    }
    tell({ stage: "end", state: "added", document: "madar-114" });
    return res.end();
  }
  if (path === "/export") {
    res.writeHead(200, { "Content-Type": "application/jsonl", "Content-Disposition": `attachment; filename="isnad-${q.get("what")}.${q.get("format")}"` });
    for (const row of data.matching(q).slice(0, 1000)) res.write(JSON.stringify(row) + "\n");
    return res.end();
  }
  for (const [pattern, answer] of routes) {
    const m = pattern.exec(path);
    if (!m) continue;
    const body = JSON.stringify(answer(q, m[1] && decoded(m[1])));
    const etag = `"${createHash("sha1").update(body).digest("base64url")}"`;
    if (req.headers["if-none-match"] === etag) {
      res.writeHead(304, { ETag: etag });
      return res.end();
    }
    res.writeHead(200, { "Content-Type": "application/json", ETag: etag, "Cache-Control": "no-cache" });
    return res.end(body);
  }
  throw new Refusal(404, "Not found", `There is no ${path} in this API.`);
}

async function page(res, path) {
  const wanted = normalize(join(DIST, path));
  const file = wanted.startsWith(DIST) && extname(path) ? wanted : join(DIST, "index.html");
  try {
    const body = await readFile(file);
    res.writeHead(200, { "Content-Type": TYPES[extname(file)] ?? "application/octet-stream", "Content-Security-Policy": CSP, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache" });
    res.end(body);
  } catch {
    res.writeHead(404, { "Content-Type": "text/plain" });
    res.end("not built: npm run build");
  }
}

/** Starts the server; `port` 0 takes a free one. */
export async function start({ port = 0, dev = false } = {}) {
  let vite = null;
  if (dev) vite = await (await import("vite")).createServer({ server: { middlewareMode: true }, appType: "spa" });
  const server = createServer(async (req, res) => {
    const url = new URL(req.url, "http://mock");
    try {
      if (url.pathname.startsWith("/api/v1/")) await api(req, res, url.pathname.slice(7), url.searchParams);
      else if (vite) vite.middlewares(req, res);
      else await page(res, decoded(url.pathname));
    } catch (e) {
      if (res.headersSent) return res.end();
      json(res, e.problem?.status ?? 500, e.problem ?? { type: "about:blank", title: "Internal error", status: 500, detail: String(e) });
    }
  });
  await new Promise((r) => server.listen(port, "127.0.0.1", r));
  return { url: `http://127.0.0.1:${server.address().port}`, stop: () => new Promise((r) => (server.closeAllConnections(), server.close(r))) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { url } = await start({ port: Number(process.env.PORT ?? 8081), dev: process.argv.includes("--dev") });
  console.log(`mock of an invented ledger at ${url}`);
}
