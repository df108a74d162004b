// Addresses: the path names the page, the query holds its whole state, so that any view can be sent to a colleague.

class Route {
  path = $state(location.pathname);
  search = $state(location.search);
  /** Goes up with every change of page, not of filters: the shell moves the focus then. */
  visit = $state(0);

  get query(): URLSearchParams {
    return new URLSearchParams(this.search);
  }
}

export const route = new Route();

function sync(): void {
  if (location.pathname !== route.path) route.visit++;
  route.path = location.pathname;
  route.search = location.search;
}

/** Goes to a page of this site. */
export function go(href: string, { replace = false } = {}): void {
  const u = new URL(href, location.href);
  if (u.origin !== location.origin) return;
  const samePage = u.pathname === location.pathname;
  history[replace ? "replaceState" : "pushState"](null, "", u.pathname + u.search + u.hash);
  sync();
  if (!samePage) scrollTo(0, 0);
}

/** Changes parts of the query; null takes one out. */
export function setQuery(changes: Record<string, string | string[] | null | undefined>, { replace = false } = {}): void {
  const q = route.query;
  for (const [k, v] of Object.entries(changes)) {
    q.delete(k);
    for (const one of Array.isArray(v) ? v : [v]) if (one !== null && one !== undefined && one !== "") q.append(k, one);
  }
  const s = q.toString();
  go(route.path + (s ? `?${s}` : ""), { replace });
}

addEventListener("popstate", sync);
// Plain links stay plain links: opening in a new tab, copying and middle clicks work as everywhere.
document.addEventListener("click", (e) => {
  if (e.defaultPrevented || e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return;
  const a = (e.target as Element).closest?.("a[href]");
  if (!a || a.hasAttribute("download") || a.getAttribute("target")) return;
  const u = new URL(a.getAttribute("href")!, location.href); // also for links in pictures, whose .href is no string
  if (u.origin !== location.origin || u.pathname.startsWith("/api/")) return;
  if (u.hash && u.pathname === location.pathname && u.search === location.search) return;
  e.preventDefault();
  go(u.href);
});
