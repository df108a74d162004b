// What the browser tests open: the mock, and the real server where ISNAD names the program (built with pages).
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { start } from "../../mock/server.mjs";

/** Every page that needs no entry. */
const LISTS = {
  happenings: "/",
  timeline: "/timeline",
  map: "/map",
  transfers: "/transfers",
  actors: "/actors",
  outlets: "/outlets",
  articles: "/documents",
  events: "/events",
  statements: "/statements",
  stories: "/stories",
  add: "/add",
  saved: "/saved",
  missing: "/nowhere",
};

/** The mock over its invented world. */
export async function mock() {
  const server = await start();
  const pages = {
    ...LISTS,
    happening: "/happenings/h-drones",
    article: "/documents/madar-114?pick=event:ev1",
    actor: "/actors/actor%3AHills%20Front",
    outlet: "/outlets/outlet%3Adifaf",
    story: "/stories/story-1",
    search: "/search?q=%D9%85%D8%B3%D9%8A%D8%B1%D8%A7%D8%AA",
  };
  return { name: "mock", pages, ...server };
}

/** The program over the invented week. */
export async function real(program = process.env.ISNAD, options = []) {
  const child = spawn(program, ["serve", "--demo", "--listen", "127.0.0.1:0", ...options], { stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const url = await new Promise((resolve, reject) => {
    const said = [];
    child.once("error", reject);
    ended.then((code) => reject(new Error(`${program} ended with ${code}: ${said.join("\n")}`)));
    createInterface({ input: child.stderr }).on("line", (line) => {
      said.push(line);
      const at = /serving on (http:\/\/[^/ ]+)/.exec(line);
      if (at) resolve(at[1]);
    });
  });
  const get = async (path) => {
    const r = await fetch(`${url}/api/v1${path}`);
    if (!r.ok) throw new Error(`${path}: ${r.status} ${await r.text()}`);
    return r.json();
  };
  const add = async (document) => {
    const r = await fetch(`${url}/api/v1/documents`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(document) });
    if (!r.ok) throw new Error(`${r.status} ${await r.text()}`);
    return (await r.json()).document;
  };
  while ((await fetch(`${url}/ready`)).status !== 200) await new Promise((r) => setTimeout(r, 50));
  const first = async (path) => (await get(path)).items[0];
  const happening = await get(`/happenings/${(await first("/happenings?sort=origins&limit=1")).id}`);
  const claim = happening.claims[0];
  const key = encodeURIComponent;
  const pages = {
    ...LISTS,
    happening: `/happenings/${happening.id}`,
    article: `/documents/${claim.document.id}?pick=event:${claim.event}`,
    actor: `/actors/${key((await first("/actors?limit=1")).key)}`,
    outlet: `/outlets/${key((await first("/outlets?limit=1")).key)}`,
    story: `/stories/${(await first("/stories?limit=1")).id}`,
    search: `/search?q=${key("طائرات")}`,
  };
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
  };
  return { name: "isnad", url, pages, happening, get, add, stop };
}

/** The one that pages are tested on: the program where ISNAD names one, else the mock. */
export const chosen = () => (process.env.ISNAD ? real() : mock());
