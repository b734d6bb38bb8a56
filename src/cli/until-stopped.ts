/** Turns Ctrl-C and SIGTERM into one request to stop. */

export interface StopRequest {
  /** Aborted at the first signal; further ones change nothing, since stopping is already under way. */
  readonly signal: AbortSignal;
  /** Resolves when a stop is asked for. */
  readonly asked: Promise<NodeJS.Signals>;
}

export function listenForStop(): StopRequest {
  const controller = new AbortController();
  const asked = new Promise<NodeJS.Signals>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(name, () => {
        controller.abort();
        resolve(name);
      });
    }
  });
  return { signal: controller.signal, asked };
}
