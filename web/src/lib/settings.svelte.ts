// What a reader chose for this browser: language and light. `?lang=en` in an address wins, so that a link can fix it.
export type Lang = "ar" | "en";
export type Theme = "auto" | "light" | "dark";

function stored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // storage may be forbidden; the pages work without it
  }
}
export function store(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    /* see above */
  }
}
export const restore = stored;

const asked = new URLSearchParams(location.search).get("lang") ?? stored("isnad.lang") ?? (navigator.language.startsWith("ar") ? "ar" : null);

class Settings {
  lang = $state<Lang>(asked === "en" ? "en" : "ar");
  theme = $state<Theme>((stored("isnad.theme") as Theme | null) ?? "auto");

  constructor() {
    $effect.root(() => {
      $effect(() => {
        document.documentElement.lang = this.lang;
        document.documentElement.dir = this.lang === "ar" ? "rtl" : "ltr";
        store("isnad.lang", this.lang);
      });
      $effect(() => {
        document.documentElement.dataset.theme = this.theme;
        store("isnad.theme", this.theme);
      });
    });
  }
}

export const settings = new Settings();
