// The pages as they are used: keyboard, filters in the address, long lists, hostile articles, errors, adding.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { open, RESULTS, settled } from "../support/browser.mjs";

let t;
before(async () => (t = await open()));
after(() => t?.close());
/** Whether even a page at rest misses its frames: then the machine is too busy for times to say anything, and they are told, not judged. */
const drowned = (page) =>
  page.evaluate(async () => {
    const began = performance.now();
    for (let i = 0; i < 30; i++) await new Promise(requestAnimationFrame);
    return (performance.now() - began) / 30 > 30;
  });
const at = async (options, path) => {
  const page = await t.page(options);
  await page.visit(path);
  return page;
};

test("the article by keyboard alone: every highlight is reached, picked and let go", async () => {
  const page = await at({ lang: "ar" }, "/documents/madar-114");
  const stops = await page.locator("article mark[role=button]").count();
  assert.ok(stops > 10, `${stops} highlights`);
  for (let i = 0; i < 60 && !(await page.evaluate(() => document.activeElement?.matches("article mark"))); i++) await page.keyboard.press("Tab");
  const reached = new Set();
  const here = () => page.evaluate(() => document.activeElement.dataset.at);
  reached.add(await here());
  for (let i = 0; i < stops - 1; i++) {
    await page.keyboard.press("ArrowLeft"); // forward in Arabic
    reached.add(await here());
  }
  assert.equal(reached.size, stops, "every highlight is a stop");
  await page.keyboard.press("Home");
  assert.equal(await page.locator("article mark[tabindex='0']").count(), 1, "one tab stop");
  // Walk to the trigger of the event and pick it.
  for (let i = 0; i < stops; i++) {
    if ((await page.evaluate(() => document.activeElement.textContent)) === "أرسلت") break;
    await page.keyboard.press("ArrowLeft");
  }
  await page.keyboard.press("Enter");
  const panel = page.locator("aside .picked");
  await panel.waitFor();
  const text = await panel.innerText();
  for (const word of ["جمهورية نوران", "قوات جبهة التلال", "8 طائرات مسيّرة هجومية على الأقل", "ميناء الصدف", "وزير الداخلية الديحاني", "وكالة المدار", "ما لا يقل عن 8"]) assert.ok(text.includes(word), `${word} in\n${text}`);
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "أرسلت", "the focus stays in the text");
  assert.match(page.url(), /pick=event:ev1|pick=event%3Aev1/);
  assert.equal(await page.locator("article mark.role-actor").first().innerText(), "جمهورية نوران");
  await page.keyboard.press("Escape");
  await panel.waitFor({ state: "detached" });
  await page.context().close();
});

test("layers are turned off and on, and the address keeps them", async () => {
  const page = await at({}, "/documents/sahlan-88");
  assert.ok((await page.locator("mark.loaded").count()) > 0);
  await page.getByRole("button", { name: "Loaded words", exact: true }).click();
  assert.equal(await page.locator("mark.loaded").count(), 0);
  await page.reload();
  await settled(page);
  assert.equal(await page.locator("mark.loaded").count(), 0);
  await page.getByRole("button", { name: "Loaded words", exact: true }).click();
  assert.ok((await page.locator("mark.loaded").count()) > 0);
  await page.context().close();
});

test("marks break no Arabic word: joined letters are drawn as in plain text", async () => {
  const page = await at({}, "/documents/madar-114");
  // Letters cut in the middle of a word by two marks must be as wide as the word in one piece.
  const [plain, cut, broken] = await page.evaluate(() => {
    const make = (parts) => {
      const p = document.createElement("span");
      p.className = "read";
      p.lang = "ar";
      for (const x of parts) {
        const m = document.createElement("mark");
        m.className = document.querySelector("article mark").className;
        m.textContent = x;
        p.append(m);
      }
      document.querySelector("article").append(p);
      return p.getBoundingClientRect().width;
    };
    return [make(["مستشفيات"]), make(["مست", "شفي", "ات"]), make(["مست\u200cشفي\u200cات"])];
  });
  assert.ok(Math.abs(plain - broken) > 4, `the measure tells a broken word: ${plain}, ${broken}`);
  assert.ok(Math.abs(plain - cut) < 1.5, `${plain} against ${cut}`);
  await page.context().close();
});

test("an article with injections in every field stays text", async () => {
  const page = await at({}, "/documents/evil-1?pick=event:ev1");
  const asked = [];
  page.on("request", (r) => asked.push(r.url()));
  for (const path of ["/documents/evil-1?pick=entity:e1", "/happenings/h-evil", "/documents?q=%3Cimg", "/search?q=%3Cscript%3E", "/?actor=%3Cimg+src%3Dx+onerror%3Dwindow.pwned%3D1%3E", "/documents/%3Cscript%3E", "/happenings/%E0%A4%A"]) {
    await page.visit(path);
    assert.equal(await page.evaluate(() => window.pwned), undefined, path);
    assert.equal(await page.locator("main img, main script, main iframe, main svg[onload], [onerror]").count(), 0, path);
    assert.equal(await page.locator("a[href^='javascript:']").count(), 0, path);
  }
  await page.visit("/documents/evil-1");
  assert.ok((await page.locator("article").innerText()).includes("<script>window.pwned=1</script>"), "shown as written");
  assert.ok(asked.every((u) => u.startsWith(t.url)), "nothing is fetched from elsewhere");
  await page.context().close();
});

test("the policy forbids inline scripts, and the pages need none", async () => {
  const page = await t.page();
  const answer = await page.goto(t.url + "/");
  const csp = answer.headers()["content-security-policy"];
  assert.match(csp, /script-src 'self'(;|$)/);
  assert.doesNotMatch(csp, /unsafe/);
  await settled(page);
  const blocked = await page.evaluate(
    () =>
      new Promise((resolve) => {
        addEventListener("securitypolicyviolation", (e) => resolve(e.effectiveDirective));
        const s = document.createElement("div");
        try {
          s.setAttribute("onclick", "window.pwned = 1");
        } catch (e) {
          return resolve(e.name); // trusted types refuse it even before the policy does
        }
        document.body.append(s);
        s.click();
        setTimeout(() => resolve(null), 500);
      }),
  );
  assert.ok(blocked, "an inline handler is refused");
  await page.context().close();
});

test("100 thousand happenings: a jump to any place, few rows in the page, no long frames", async () => {
  const page = await at({}, "/");
  // The best of three: other work on the machine is no stutter of ours.
  const scroll = () => page.evaluate(async () => {
    const gaps = [];
    let last = performance.now();
    const end = document.documentElement.scrollHeight;
    for (let i = 1; i <= 150; i++) {
      scrollTo(0, i <= 120 ? i * 240 : (end * (i - 120)) / 31);
      await new Promise(requestAnimationFrame);
      const now = performance.now();
      gaps.push(now - last);
      last = now;
    }
    return gaps.sort((a, b) => a - b);
  });
  const at95 = (list) => list[Math.floor(list.length * 0.95)];
  let frames = await scroll();
  for (let again = 0; again < 2 && at95(frames) >= 50; again++) {
    const next = await scroll();
    if (at95(next) < at95(frames)) frames = next;
  }
  const p95 = at95(frames);
  console.log(`frames while scrolling: median ${frames[75].toFixed(1)} ms, p95 ${p95.toFixed(1)} ms, longest ${frames.at(-1).toFixed(1)} ms`);
  assert.ok(p95 < 100 || (await drowned(page)), `p95 ${p95} ms`);
  assert.ok((await page.locator("main li").count()) < 120);
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  await page.locator("li[aria-posinset='100008'] a").waitFor();
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight / 2));
  await page.waitForFunction(() => {
    const rows = [...document.querySelectorAll("main li[aria-posinset]")];
    return rows.length > 5 && rows.every((r) => r.querySelector("a") && Math.abs(Number(r.getAttribute("aria-posinset")) - 50_000) < 200);
  });
  await page.context().close();
});

test("filters are set by the form, live in the address, and go back with the back button", async () => {
  const page = await at({}, "/");
  await page.locator("[aria-controls=filters]").click();
  await page.getByLabel("Aid", { exact: true }).check();
  await page.getByLabel("From", { exact: true }).fill("2031-01-01");
  await page.getByLabel("Said to act").fill("country:XNA");
  await page.getByRole("button", { name: "Apply" }).click();
  await settled(page);
  const q = new URL(page.url()).searchParams;
  assert.deepEqual([q.get("type"), q.get("from"), q.get("actor")], ["AID", "2031-01-01", "country:XNA"]);
  assert.equal(await page.locator(".chip").count(), 3);
  const some = await page.locator("main p.dim[role=status]").first().innerText();
  assert.notEqual(some, "100,008 reported happenings");
  await page.locator(".chip").first().click();
  await settled(page);
  assert.equal(new URL(page.url()).searchParams.get("type"), null);
  await page.goBack();
  await settled(page);
  assert.equal(new URL(page.url()).searchParams.get("type"), "AID");
  assert.equal(await page.locator("main p.dim[role=status]").first().innerText(), some);
  // What matches nothing says so.
  await page.visit("/?actor=nobody");
  assert.match(await page.locator("main").innerText(), /Nothing matches/);
  await page.context().close();
});

test("one switch turns the language, and it stays", async () => {
  const page = await at({ lang: "ar" }, "/happenings/h-drones");
  assert.match(await page.locator("main").innerText(), /4 مصادر أصلية مستقلة/);
  await page.getByRole("button", { name: "English" }).click();
  assert.equal(await page.evaluate(() => document.documentElement.dir), "ltr");
  assert.match(await page.locator("main").innerText(), /4 independent origins/);
  await page.reload();
  await settled(page);
  assert.equal(await page.evaluate(() => document.documentElement.lang), "en");
  await page.visit("/?lang=ar");
  assert.equal(await page.evaluate(() => document.documentElement.lang), "ar");
  await page.context().close();
});

test("the graph shows each root, its copies and the circle", async () => {
  const page = await at({}, "/happenings/h-drones");
  assert.equal(await page.locator("svg g.origin").count(), 4);
  assert.equal(await page.locator("svg g.outlet").count(), 8);
  assert.equal(await page.locator("svg g.copy").count(), 2);
  assert.equal(await page.locator("svg path.circular").count(), 1);
  const main = await page.locator("main").innerText();
  for (const words of ["Where the sources disagree", "at least 8", "more than 14", "Circular reporting", "10 articles"]) assert.ok(main.includes(words), words);
  await page.context().close();
});

test("timeline and map go in and out, by mouse and keyboard", async () => {
  const page = await at({}, "/timeline");
  await page.locator("[data-bar]").first().focus();
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => new URL(location.href).searchParams.has("from"));
  await settled(page);
  assert.ok((await page.locator("[data-bar]").count()) > 20, "days of a month");
  await page.getByRole("button", { name: "Zoom out" }).click();
  await settled(page);
  await page.getByRole("button", { name: "Whole" }).click();
  assert.equal(new URL(page.url()).searchParams.get("from"), null);

  await page.visit("/map");
  const before = await page.locator("svg [role=button]").count();
  await page.getByRole("button", { name: "Zoom in" }).click();
  await page.getByRole("button", { name: "Zoom in" }).click();
  await settled(page);
  assert.match(page.url(), /at=/);
  assert.ok(before > 0 && (await page.locator("svg [role=button]").count()) > 0);
  assert.ok((await page.locator("path.land").getAttribute("d")).length > 1000, "the base map is drawn");
  assert.match(await page.locator("main").innerText(), /the old mill/);
  await page.locator("svg [role=button]").first().focus();
  await page.keyboard.press("Enter");
  await page.waitForTimeout(300);
  await page.context().close();
});

test("adding: each step is told, the end leads to the article, failures say why, reading stores nothing", async () => {
  const page = await at({}, "/add");
  await page.getByRole("button", { name: "Read and add" }).click();
  assert.match(await page.locator("[role=alert]").innerText(), /Paste a text/);
  await page.getByLabel("Web address").fill("https://fail.example/1");
  await page.getByRole("button", { name: "Read and add" }).click();
  await page.getByText("Could not fetch").waitFor();
  await page.getByLabel("Web address").fill("");
  await page.getByLabel("Text").fill("قال متحدث إن شيئاً حدث.");
  await page.getByRole("button", { name: "Read, store nothing" }).click();
  await page.locator("article mark").first().waitFor();
  await page.getByRole("button", { name: "Read and add" }).click();
  await page.getByText("Added.").waitFor();
  await page.screenshot({ path: `${RESULTS}added.png` });
  await page.getByRole("link", { name: "Open the article" }).click();
  await settled(page);
  assert.match(page.url(), /documents\/madar-114/);
  await page.context().close();
});

test("views are saved, opened again and removed", async () => {
  const page = await at({}, "/?type=AID");
  await page.getByText("Save this view").click();
  await page.getByLabel("Name of the view").fill("عون <b>");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.visit("/saved");
  await page.getByRole("link", { name: "عون <b>" }).click();
  await settled(page);
  assert.equal(new URL(page.url()).searchParams.get("type"), "AID");
  await page.visit("/saved");
  await page.getByRole("button", { name: /Remove/ }).click();
  assert.match(await page.locator("main").innerText(), /No saved views yet/);
  await page.context().close();
});

test("what is on screen is exported with its filters", async () => {
  const page = await at({}, "/?type=AID&from=2031-01-01");
  await page.getByText("Export", { exact: true }).click();
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "JSON Lines", exact: true }).click()]);
  const u = new URL(file.url());
  assert.equal(u.pathname, "/api/v1/export");
  assert.equal(u.searchParams.get("type"), "AID");
  assert.equal(u.searchParams.get("format"), "jsonl");
  await page.context().close();
});

test("errors are told and can be tried again; a lost server too", async () => {
  const page = await at({}, "/documents/none-such");
  assert.match(await page.locator("[role=alert]").innerText(), /no such entry/);
  await page.visit("/?q=!fail");
  assert.match(await page.locator("[role=alert]").innerText(), /asked to/);
  await page.route("**/api/v1/actors*", (r) => r.abort());
  await page.visit("/actors");
  assert.match(await page.locator("[role=alert]").innerText(), /did not answer/);
  await page.unroute("**/api/v1/actors*");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText("14 actors").waitFor();
  await page.route("**/api/v1/outlets*", (r) => r.fulfill({ status: 401, contentType: "application/problem+json", body: '{"type":"about:blank","title":"Unauthorized","status":401}' }));
  await page.visit("/outlets");
  await page.getByLabel("Token").fill("secret");
  await page.unroute("**/api/v1/outlets*");
  const [r] = await Promise.all([page.waitForRequest("**/api/v1/outlets*"), page.getByRole("button", { name: "Use it" }).click()]);
  assert.equal(r.headers().authorization, "Bearer secret");
  await page.getByText("8 outlets").waitFor();
  await page.context().close();
});

test("an empty ledger leads to adding", async () => {
  const page = await t.page();
  await page.route("**/api/v1/happenings*", (r) => r.fulfill({ json: { items: [], next: null, total: 0, revision: 0 } }));
  await page.visit("/");
  assert.match(await page.locator("main").innerText(), /Nothing has been added yet/);
  await page.getByRole("link", { name: "Add an article" }).click();
  await settled(page);
  assert.match(page.url(), /\/add$/);
  await page.context().close();
});

test("the menu of a narrow screen opens, leads and closes", async () => {
  const page = await at({ size: "narrow" }, "/");
  await page.getByRole("button", { name: "Menu" }).click();
  await page.screenshot({ path: `${RESULTS}menu-narrow.png` });
  await page.getByRole("navigation").getByRole("link", { name: "Transfers" }).click();
  await settled(page);
  assert.equal(await page.locator("#nav").isVisible(), false);
  assert.equal(await page.evaluate(() => document.activeElement.id), "main", "the focus follows");
  await page.context().close();
});

test("print: the text stays, the controls go", async () => {
  const page = await at({}, "/documents/madar-114?pick=event:ev1");
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator(".rail").isVisible(), false);
  assert.equal(await page.locator("article").isVisible(), true);
  await page.pdf({ path: `${RESULTS}article.pdf` });
  await page.context().close();
});

test("interactive in under a second from a warm server", async () => {
  const page = await t.page();
  await page.visit("/actors");
  let took = Infinity;
  for (let again = 0; again < 3 && took >= 1000; again++) {
    const began = Date.now();
    await page.visit("/actors");
    took = Math.min(took, Date.now() - began);
  }
  console.log(`a warm page is there in ${took} ms`);
  assert.ok(took < 1000 || (await drowned(page)), `${took} ms`);
  await page.context().close();
});

test("links in pictures stay within the pages", async () => {
  const page = await at({}, "/actors/actor%3AHills%20Front");
  await page.evaluate(() => (window.same = true));
  await page.locator("svg a text", { hasText: "Kasmara Union" }).click();
  await page.waitForURL("**/actors/country%3AXKA");
  assert.equal(await page.evaluate(() => window.same), true, "without loading the page anew");
  await page.context().close();
});

test("broken state in the address and in storage is passed over", async () => {
  const page = await t.page();
  await page.addInitScript(() => localStorage.setItem("isnad.views", '[{"name":1}]'));
  for (const path of ["/map?at=x,y", "/map?at=500,-400,9999", "/timeline?unit=eon&from=never", "/documents/madar-114?pick=event:none&layers=none", "/documents/madar-114?pick=loaded:99", "/?type=NOPE&radius=-4", "/saved", "/transfers?class=none"]) {
    await page.visit(path);
    assert.ok((await page.locator("h1, h2").count()) > 0, path);
  }
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("an article with 15 thousand highlights opens and answers", async () => {
  const sentence = "قالت الوزارة إن القوات قصفت البلدة مساء أمس. ";
  const n = 3000, long = sentence.length;
  const each = (make) => Array.from({ length: n }, (_, i) => make(i, i * long));
  const reading = {
    id: "big", language: "ar", framing: [],
    entities: [{ id: "e1", type: "ORG", name: "x", key: "actor:x", mentions: each((_, o) => [o + 5, o + 12]) }],
    statements: each((i, o) => ({ id: `st${i}`, chain: [{ role: "origin", span: [o + 5, o + 12] }], cue: [o, o + 4], content: [[o + 13, o + 43]], direct: false, stance: "neutral" })),
    events: each((i, o) => ({ id: `ev${i}`, type: "ASSAULT", mode: null, trigger: [o + 23, o + 27], actor: [[o + 16, o + 22]], recipient: [[o + 28, o + 34]], things: [], place: [], time: [], status: "actual", polarity: "positive", statement: `st${i}` })),
  };
  const page = await t.page({ lang: "ar" });
  await page.route("**/api/v1/documents/big", (r) => r.fulfill({ json: { document: { id: "big", text: sentence.repeat(n) }, outlet: null, content_hash: "x", raw_hash: null, added: "2031-01-01", reading, names: {}, sightings: [], versions: [], story: null, happenings: [] } }));
  const began = Date.now();
  await page.goto(t.url + "/documents/big");
  await page.locator("article mark").first().waitFor();
  const opened = Date.now() - began;
  await page.locator("article mark.event").nth(3).click();
  await page.locator("aside .picked").waitFor();
  console.log(`${await page.locator("article mark").count()} marks open in ${opened} ms`);
  assert.ok(opened < 8000 || (await drowned(page)), `${opened} ms`);
  await page.context().close();
});
