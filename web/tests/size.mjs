// The first load without the map must stay small: all that index.html asks for, and the chunks those import, compressed.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const LIMIT = 400_000;
const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const html = readFileSync(dist + "index.html", "utf8");
const wanted = [...html.matchAll(/(?:src|href)="(\/[^"]+\.(?:js|css|svg))"/g)].map((m) => m[1]);
const seen = new Set();
let total = gzipSync(html).length;
while (wanted.length) {
  const path = wanted.pop();
  if (seen.has(path)) continue;
  seen.add(path);
  const body = readFileSync(dist + path.slice(1));
  total += gzipSync(body).length;
  if (path.endsWith(".js")) for (const m of body.toString().matchAll(/(?:from|import)"\.\/([^"]+\.js)"/g)) wanted.push(`/assets/${m[1]}`);
}
console.log(`first load: ${seen.size + 1} files, ${(total / 1000).toFixed(1)} kB compressed (limit ${LIMIT / 1000} kB)`);
if (seen.size < 2) throw new Error("index.html names no scripts: was it built?");
if (total > LIMIT) process.exit(1);
