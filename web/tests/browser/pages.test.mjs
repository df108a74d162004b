// Every page, both languages, narrow and wide: nothing complains, axe finds nothing, nothing sticks out, a picture is kept.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import { open, RESULTS } from "../support/browser.mjs";
import { chosen, mock } from "../support/servers.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

export async function violations(page) {
  // Through the debugger, so that the page's own policy stays as strict as it is.
  await page.evaluate(axe);
  const found = await page.evaluate((tags) => globalThis.axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] }).then((r) => r.violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160) + " " + (n.any[0]?.message ?? "")).join(" | ")}`)), TAGS);
  return found;
}

const NAMES = ["happenings", "happening", "article", "timeline", "map", "transfers", "actors", "actor", "outlets", "outlet", "articles", "events", "statements", "stories", "story", "search", "add", "saved", "missing"];

describe(process.env.ISNAD ? "the program" : "the mock", () => {
    let t;
    before(async () => (t = await open(chosen)));
    after(() => t?.close());
    for (const lang of ["ar", "en"])
      for (const size of ["wide", "narrow"])
        describe(`${lang}, ${size}`, () => {
          let page;
          before(async () => (page = await t.page({ lang, size, theme: size === "narrow" ? "dark" : "light" })));
          after(() => page.context().close());
          for (const name of NAMES)
            test(name, async () => {
              await page.visit(t.pages[name]);
              await page.screenshot({ path: `${RESULTS}${t.name}-${name}-${lang}-${size}.png`, fullPage: !["happenings", "timeline", "map"].includes(name) });
              const about = await page.evaluate(() => ({ lang: document.documentElement.lang, dir: document.documentElement.dir, title: document.title, h1: document.querySelectorAll("h1").length, over: document.documentElement.scrollWidth - innerWidth, current: document.querySelectorAll("nav [aria-current=page]").length, alerts: [...document.querySelectorAll("main [role=alert]")].map((a) => a.textContent) }));
              assert.equal(about.lang, lang);
              assert.equal(about.dir, lang === "ar" ? "rtl" : "ltr");
              assert.equal(about.h1, 1, "one main heading");
              assert.ok(about.title.length > 3);
              assert.ok(about.over <= 0, `sticks out by ${about.over} pixels`);
              assert.deepEqual(about.alerts, []);
              if (name !== "missing") assert.equal(about.current, 1, "the menu shows where one is");
              assert.deepEqual(await violations(page), []);
              assert.deepEqual(page.complaints, []);
            });
        });
  });

test("filters and the opened panel, light and dark", async () => {
  const t = await open(mock);
  for (const theme of ["light", "dark"]) {
    const page = await t.page({ lang: "ar", theme });
    await page.visit("/?type=AID&status=actual&actor=country%3AXNA");
    await page.locator("[aria-controls=filters]").click();
    assert.deepEqual(await violations(page), []);
    await page.screenshot({ path: `${RESULTS}filters-${theme}.png` });
    await page.visit("/documents/sahlan-88?pick=loaded:0");
    assert.deepEqual(await violations(page), []);
    await page.visit("/happenings/h-drones");
    assert.deepEqual(await violations(page), []);
    await page.context().close();
  }
  await t.close();
});
