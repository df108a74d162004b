import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { api, ApiError, queryString } from "../../src/api/client";
import type { AddProgress } from "../../src/api/types";

const answers: Response[] = [];
const asked: [string, RequestInit][] = [];
beforeEach(() => {
  vi.stubGlobal("sessionStorage", { getItem: () => null, setItem: () => {}, removeItem: () => {} });
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    asked.push([url, init]);
    const a = answers.shift();
    if (!a) throw new TypeError("failed to fetch");
    return a;
  });
});
afterEach(() => {
  answers.length = asked.length = 0;
  vi.unstubAllGlobals();
});

describe("the client", () => {
  it("writes equal questions equally, repeats lists, leaves out what is empty", () => {
    expect(queryString({ type: ["AID", "ASSAULT"], q: "أ ب", from: "", to: null, limit: 5 })).toBe("?limit=5&q=%D8%A3+%D8%A8&type=AID&type=ASSAULT");
    expect(queryString({})).toBe("");
  });
  it("asks again with the ETag and takes what it kept on 304", async () => {
    answers.push(new Response('{"revision":1}', { headers: { ETag: '"x"' } }), new Response(null, { status: 304 }));
    const first = await api.meta();
    expect(await api.meta()).toBe(first);
    expect((asked[1]![1].headers as Record<string, string>)["If-None-Match"]).toBe('"x"');
  });
  it("tells the server's problem, and what is no JSON by its status", async () => {
    answers.push(new Response('{"title":"Bad","status":400,"detail":"from is no date"}', { status: 400, headers: { "Content-Type": "application/problem+json" } }), new Response("<html>", { status: 502 }));
    await expect(api.meta()).rejects.toMatchObject({ status: 400, message: "from is no date" });
    await expect(api.meta()).rejects.toMatchObject({ status: 502, problem: null });
    await expect(api.meta()).rejects.toBeInstanceOf(ApiError);
  });
  it("escapes ids", async () => {
    answers.push(new Response("{}"));
    await api.actor("actor:أ/ب?#", {});
    expect(asked[0]![0]).toBe("/api/v1/actors/actor%3A%D8%A3%2F%D8%A8%3F%23");
  });
  it("tells each step of an addition, however the lines are cut, and a broken connection", async () => {
    const parts = ['{"stage":"read","st', 'ate":"begun"}\n{"stage":"read","state":"done"}\n{"stage":"end","state":"added","docu', 'ment":"d"}'];
    const stream = (list: string[]) => new Response(new ReadableStream({ start(c) { list.forEach((p) => c.enqueue(new TextEncoder().encode(p))); c.close(); } }));
    answers.push(stream(parts), stream(parts.slice(0, 1).concat('ate":"begun"}\n')));
    const told: AddProgress[] = [];
    await api.add({ text: "x" }, (p) => told.push(p));
    expect(told.map((p) => [p.stage, p.state])).toEqual([["read", "begun"], ["read", "done"], ["end", "added"]]);
    await expect(api.add({ text: "x" }, () => {})).rejects.toBeInstanceOf(ApiError);
  });
});
