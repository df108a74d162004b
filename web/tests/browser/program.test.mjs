// The pages on the program itself, over the invented week: what is shown is what the API says, what is added is kept, and
// hostile articles stay text. Needs ISNAD, the path of a program built with the pages.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { open, RESULTS, settled } from "../support/browser.mjs";
import { real } from "../support/servers.mjs";

/** An injection that would be noticed: in a tag, out of an attribute, in an address. */
const EVIL = `<script>window.pwned=1</script><img src=x onerror=window.pwned=1>"><svg onload=window.pwned=1>' onfocus=window.pwned=1 autofocus='`;

describe("program", { skip: process.env.ISNAD ? false : "ISNAD names no program" }, () => {
  let t;
  before(async () => (t = await open(() => real())));
  after(() => t?.close());
  const at = async (options, path) => {
    const page = await t.page(options);
    await page.visit(path);
    return page;
  };
  const done = async (page) => {
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  };

  test("a happening shows the roots, outlets and disagreements that the API counts", async () => {
    const page = await at({}, t.pages.happening);
    const h = t.happening;
    assert.ok(h.origins > 1 && h.outlets > h.origins, "the week's great happening: more outlets than origins");
    assert.equal(await page.locator("svg g.origin").count(), h.nodes.filter((n) => n.kind === "origin").length);
    const main = await page.locator("main").innerText();
    assert.ok(main.includes(`${h.origins} independent origins`), main.slice(0, 800));
    for (const d of h.disagreements) for (const s of d.sides) assert.ok(main.includes(s.words.split("\n")[0].slice(0, 40)), s.words);
    await page.screenshot({ path: `${RESULTS}program-happening.png`, fullPage: true });
    await done(page);
  });

  test("every link of the graph and of the chains leads to something", async () => {
    const page = await at({}, t.pages.happening);
    const links = await page.locator("main a[href^='/']").evaluateAll((all) => [...new Set(all.map((a) => a.getAttribute("href")))]);
    assert.ok(links.length > 5);
    for (const link of links) {
      const path = link.split("?")[0].split("/").slice(1);
      if (path.length < 2 || !["actors", "outlets", "documents", "happenings", "stories"].includes(path[0])) continue;
      const r = await fetch(`${t.url}/api/v1/${path.join("/")}`);
      assert.equal(r.status, 200, link);
    }
    await done(page);
  });

  test("the article by keyboard: every highlight is reached, an event picked", async () => {
    const page = await at({ lang: "ar" }, t.pages.article.split("?")[0]);
    const stops = await page.locator("article mark[role=button]").count();
    assert.ok(stops > 5, `${stops} highlights`);
    for (let i = 0; i < 60 && !(await page.evaluate(() => document.activeElement?.matches("article mark"))); i++) await page.keyboard.press("Tab");
    const reached = new Set();
    for (let i = 0; i < stops; i++) {
      reached.add(await page.evaluate(() => document.activeElement.dataset.at));
      await page.keyboard.press("ArrowLeft");
    }
    assert.equal(reached.size, stops);
    await page.keyboard.press("Enter");
    await page.locator("aside .picked").waitFor();
    await done(page);
  });

  test("filters by the form show what the API counts; what the pages send is what the server knows", async () => {
    const page = await at({}, "/");
    await page.locator("[aria-controls=filters]").click();
    await page.getByLabel("Aid", { exact: true }).check();
    await page.getByRole("button", { name: "Apply" }).click();
    await settled(page);
    const { total } = await t.get("/happenings?type=AID&limit=1");
    assert.ok(total > 0);
    assert.match(await page.locator("main p.dim[role=status]").first().innerText(), new RegExp(`^${total} `));
    // all filters on every page that has them: none may be refused
    const all = "type=AID&mode=military&actor=x&recipient=x&country=XMR&place=x&radius=50&from=2031-01-01&to=2031-12-31&outlet=x&origin=hidden&via=x&status=actual&polarity=positive&loaded=true&class=x&sort=origins&q=x";
    for (const path of ["/", "/events", "/statements", "/documents", "/stories", "/actors", "/outlets", "/transfers", "/timeline", "/map", "/search"]) {
      await page.visit(`${path}?${all}`);
      assert.equal(await page.locator("main [role=alert]").count(), 0, path + ": " + (await page.locator("main").innerText()).slice(0, 300));
    }
    await done(page);
  });

  test("search marks the words as written", async () => {
    const page = await at({ lang: "ar" }, t.pages.search);
    const found = await t.get(`/search?q=${encodeURIComponent("طائرات")}`);
    assert.ok(found.total > 0);
    const marked = await page.locator("main mark").allInnerTexts();
    assert.ok(marked.length >= found.items.length && marked.every((m) => /طائر/.test(m)), marked.join(" "));
    await done(page);
  });

  test("timeline and map: a bar and a place narrow the list", async () => {
    const page = await at({}, "/timeline");
    const view = await t.get("/timeline");
    assert.ok(view.buckets.some((b) => b.happenings > 0));
    await page.locator("[data-bar]").first().focus();
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => new URL(location.href).searchParams.has("from"));
    await settled(page);
    await page.visit("/map");
    assert.ok((await page.locator("svg [role=button]").count()) > 0);
    await done(page);
  });

  test("what is pasted is read, added, found and traced; a second time it is known", async () => {
    const text = "أعلنت وزارة الدفاع السندارية أن مرسانيا سلمت خمس مدرعات إلى قوات الهضبة يوم الاثنين.\nوقالت الوزارة إن المدرعات وصلت إلى قاعدة الصخرة الجوية.";
    const page = await at({}, "/add");
    await page.getByLabel("Text").fill(text);
    await page.getByRole("button", { name: "Read, store nothing" }).click();
    await page.locator("article mark").first().waitFor();
    const before = (await t.get("/meta")).counts.documents;
    await page.getByRole("button", { name: "Read and add" }).click();
    await page.getByText("Added.").waitFor();
    assert.equal((await t.get("/meta")).counts.documents, before + 1);
    await page.getByRole("button", { name: "Read and add" }).click();
    await page.getByText(/known|already/i).first().waitFor();
    assert.equal((await t.get("/meta")).counts.documents, before + 1);
    await page.visit(`/search?q=${encodeURIComponent("مدرعات")}`);
    assert.ok((await page.locator("main").innerText()).includes("خمس مدرعات"));
    await done(page);
  });

  test("an article with injections in every field stays text", async () => {
    const id = await t.add({ title: `قصف ${EVIL}`, text: `قال متحدث باسم ${EVIL} إن مرسانيا سلمت ثماني مقاتلات إلى قوات الهضبة ${EVIL}.\n${EVIL}`, outlet: `صحيفة ${EVIL}`, published: "2031-03-05", url: `https://news.example/${encodeURIComponent("a")}?${EVIL}` });
    const refused = await fetch(`${t.url}/api/v1/documents`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ text: "قال متحدث إن القصف توقف.", url: "javascript:window.pwned=1" }) });
    assert.equal(refused.status, 422, "an address that is no web address");
    const d = await t.get(`/documents/${id}`);
    const page = await t.page({});
    const asked = [];
    page.on("request", (r) => asked.push(r.url()));
    const e = encodeURIComponent;
    const paths = [`/documents/${id}`, `/documents/${id}?pick=event:ev1`, `/documents/${id}?pick=entity:e1`, "/documents", "/events", "/statements", "/outlets", `/outlets/${e(d.outlet.key)}`, "/actors", `/search?q=${e("مقاتلات")}`, `/search?q=${e(EVIL)}`, `/?actor=${e(EVIL)}`, `/documents/${e(EVIL)}`, `/happenings/${e(EVIL)}`, "/happenings/%E0%A4%A", "/map", "/transfers"];
    for (const h of d.happenings) paths.push(`/happenings/${h.happening}`);
    for (const x of d.reading.entities.slice(0, 5)) paths.push(`/actors/${e(x.key)}`);
    for (const path of paths) {
      await page.visit(path);
      assert.equal(await page.evaluate(() => window.pwned), undefined, path);
      assert.equal(await page.locator("main img, main script, main iframe, main svg[onload], main [onerror], main [onfocus], main [autofocus]").count(), 0, path);
      assert.equal(await page.locator("a[href^='javascript:']").count(), 0, path);
    }
    await page.visit(`/documents/${id}`);
    assert.ok((await page.locator("article").innerText()).includes("<script>window.pwned=1</script>"), "shown as written");
    assert.ok(asked.every((u) => u.startsWith(t.url)), "nothing is fetched from elsewhere");
    await page.screenshot({ path: `${RESULTS}program-injected.png`, fullPage: true });
    // only what the addresses asked for in vain may be complained of
    assert.ok(page.complaints.every((c) => /40[04]/.test(c)), page.complaints.join("\n"));
    await page.context().close();
  });

  test("what is on screen is exported with its filters, whole", async () => {
    const page = await at({}, "/?type=AID");
    await page.getByText("Export", { exact: true }).click();
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "JSON Lines", exact: true }).click()]);
    const stream = await file.createReadStream();
    let text = "";
    for await (const part of stream) text += part;
    const rows = text.trim().split("\n").map((l) => JSON.parse(l));
    assert.equal(rows.length, (await t.get("/happenings?type=AID&limit=1")).total);
    // every form that the menu offers is one that the server makes
    for (const path of ["/", "/events", "/statements", "/documents", "/actors", "/outlets", "/transfers"]) {
      await page.visit(path);
      if (!(await page.getByText("Export", { exact: true }).count())) continue;
      await page.getByText("Export", { exact: true }).click();
      await page.getByRole("link", { name: "CSV", exact: true }).waitFor();
      for (const href of await page.locator("a[href*='/api/v1/export']").evaluateAll((all) => all.map((a) => a.href))) {
        const r = await fetch(href);
        assert.equal(r.status, 200, href + " " + (r.status === 200 ? "" : await r.text()));
        assert.ok((await r.arrayBuffer()).byteLength > 0, href);
      }
    }
    await done(page);
  });
});

test("a server with tokens: the page asks for one; a read token reads and cannot add", { skip: process.env.ISNAD ? false : "ISNAD names no program" }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "isnad-"));
  const tokens = join(folder, "tokens");
  writeFileSync(tokens, "read reads-0123456789\nwrite writes-0123456789\n", { mode: 0o600 });
  const { spawn } = await import("node:child_process");
  const { createInterface } = await import("node:readline");
  const child = spawn(process.env.ISNAD, ["serve", "--demo", "--listen", "127.0.0.1:0", "--token-file", tokens], { stdio: ["ignore", "ignore", "pipe"] });
  const url = await new Promise((resolve) => createInterface({ input: child.stderr }).on("line", (l) => /serving on (http:\/\/[^/ ]+)/.exec(l) && resolve(/serving on (http:\/\/[^/ ]+)/.exec(l)[1])));
  while ((await fetch(`${url}/ready`)).status !== 200) await new Promise((r) => setTimeout(r, 50));
  const t = await open(async () => ({ url, name: "tokens", pages: {}, stop: async () => child.kill("SIGTERM") }));
  try {
    assert.equal((await fetch(`${url}/api/v1/meta`)).status, 401);
    const page = await t.page({});
    await page.goto(`${url}/outlets`);
    await page.getByLabel("Token").fill("reads-0123456789");
    await page.getByRole("button", { name: "Use it" }).click();
    await page.getByText(/\d+ outlets/).first().waitFor();
    await page.getByRole("link", { name: /Add/ }).first().click();
    await settled(page);
    await page.getByLabel("Text").fill("قال متحدث إن القصف توقف.");
    const add = page.getByRole("button", { name: "Read and add" });
    if (await add.isEnabled()) await add.click();
    await page.locator("main").getByText(/lets you look, not add/).first().waitFor();
    await page.screenshot({ path: `${RESULTS}program-read-token.png` });
    await page.context().close();
  } finally {
    await t.close();
    rmSync(folder, { recursive: true });
  }
});
