// Starts a server and Debian's Chromium for the browser tests.
import { existsSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { mock } from "./servers.mjs";

export const RESULTS = fileURLToPath(new URL("../../test-results/", import.meta.url));
export const SIZES = { wide: { width: 1280, height: 900 }, narrow: { width: 390, height: 844 } };
export async function open(begin = mock) {
  mkdirSync(RESULTS, { recursive: true });
  const server = await begin();
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  if (!existsSync(executablePath)) throw new Error(`no Chromium at ${executablePath}: apt-get install chromium, or set CHROMIUM`);
  const browser = await chromium.launch({ executablePath, args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"] });
  return {
    ...server,
    browser,
    /** A fresh page; whatever the page complains of is collected in `page.complaints`. */
    async page({ lang = "en", size = "wide", theme = "light" } = {}) {
      const context = await browser.newContext({ viewport: SIZES[size], colorScheme: theme, reducedMotion: "reduce", locale: lang });
      await context.addInitScript((l) => {
        try {
          localStorage.getItem("isnad.lang") ?? localStorage.setItem("isnad.lang", l);
        } catch {}
      }, lang);
      const page = await context.newPage();
      page.complaints = [];
      page.on("pageerror", (e) => page.complaints.push(`error: ${e.message}`));
      page.on("console", (m) => {
        if (m.type() === "error" || m.type() === "warning") page.complaints.push(`${m.type()}: ${m.text()}`);
      });
      page.visit = async (path) => {
        await page.goto(server.url + path, { waitUntil: "load" });
        await settled(page);
      };
      return page;
    },
    async close() {
      await browser.close();
      await server.stop();
    },
  };
}

/** Nothing is loading any more. */
export async function settled(page) {
  await page.waitForFunction(() => document.querySelector("main h1, main [role=alert]") && !document.querySelector("main .wait, main .bone, main [aria-busy=true], main > .pulse"), null, { timeout: 20_000 });
}
