// Saved views: a name and an address, kept in this browser only.
import { restore, store } from "./settings.svelte";

const KEY = "isnad.views";
const MOST = 200;

export interface SavedView {
  name: string;
  /** Path and query. */
  href: string;
  saved: string;
}

/** Whatever is stored may be old or broken: only whole views within this site are taken. */
export function parseViews(text: string | null): SavedView[] {
  try {
    const list: unknown = JSON.parse(text ?? "[]");
    if (!Array.isArray(list)) return [];
    return list
      .filter((v): v is SavedView => {
        const x = v as Partial<SavedView> | null;
        return typeof x?.name === "string" && typeof x.saved === "string" && typeof x.href === "string" && /^\/(?![/\\])/.test(x.href);
      })
      .slice(0, MOST);
  } catch {
    return [];
  }
}

class Saved {
  views = $state(parseViews(restore(KEY)));

  add(name: string, href: string): void {
    this.views = [{ name, href, saved: new Date().toISOString() }, ...this.views.filter((v) => v.href !== href)].slice(0, MOST);
    this.keep();
  }
  remove(href: string): void {
    this.views = this.views.filter((v) => v.href !== href);
    this.keep();
  }
  private keep(): void {
    store(KEY, JSON.stringify(this.views));
  }
}

export const saved = new Saved();
