// One way to load: a question that follows the state it reads, an answer, or what went wrong.
import { ApiError } from "../api/client";

export class Load<T> {
  value = $state.raw<T | null>(null);
  error = $state.raw<ApiError | null>(null);
  /** A question is under way; an older answer may still be shown meanwhile. */
  busy = $state(true);
  private tries = $state(0);

  /** Asks now and again whenever anything that `ask` reads changes. Call it while a component is set up. */
  constructor(ask: (signal: AbortSignal) => Promise<T>) {
    $effect(() => {
      void this.tries;
      const stop = new AbortController();
      this.busy = true;
      ask(stop.signal).then(
        (v) => {
          if (stop.signal.aborted) return;
          this.value = v;
          this.error = null;
          this.busy = false;
        },
        (e: unknown) => {
          if (stop.signal.aborted) return;
          this.error = e instanceof ApiError ? e : new ApiError(0, null, String(e));
          this.value = null;
          this.busy = false;
        },
      );
      return () => stop.abort();
    });
  }

  again = (): void => {
    this.tries++;
  };
}
