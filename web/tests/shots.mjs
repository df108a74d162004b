// Takes a picture of every page, for looking at: node tests/shots.mjs [page …]; LANGS, SIZES, THEMES narrow it. Of the mock,
// or of the program that ISNAD names.
import { open, RESULTS } from "./support/browser.mjs";
import { chosen } from "./support/servers.mjs";
const list = (v, all) => (process.env[v] ? process.env[v].split(",") : all);
const wanted = process.argv.slice(2);
const t = await open(chosen);
try {
  for (const lang of list("LANGS", ["ar", "en"])) for (const size of list("SIZES", ["wide", "narrow"])) for (const theme of list("THEMES", ["light", "dark"])) {
    const page = await t.page({ lang, size, theme });
    for (const [name, path] of Object.entries(t.pages)) {
      if (wanted.length && !wanted.includes(name)) continue;
      await page.visit(path);
      await page.screenshot({ path: `${RESULTS}${t.name}-${name}-${lang}-${size}-${theme}.png` });
    }
    if (page.complaints.length) console.log(lang, size, theme, [...new Set(page.complaints)].join("\n  "));
    await page.context().close();
  }
} finally {
  await t.close();
}
