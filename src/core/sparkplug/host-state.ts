/** The STATE message by which a host application tells edge nodes whether it is there to take their data. */

export interface HostState {
  readonly online: boolean;
  /** UTC; edge nodes ignore a state that is older than the one they know. */
  readonly timestamp: number;
}

export function writeHostState({ online, timestamp }: HostState): string {
  return JSON.stringify({ online, timestamp });
}

/** @returns null where it is no such message, as of hosts before Sparkplug 3.0 */
export function readHostState(payload: Uint8Array): HostState | null {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch {
    return null;
  }
  if (typeof json !== 'object' || json === null) return null;
  const { online, timestamp } = json as Record<string, unknown>;
  return typeof online === 'boolean' && typeof timestamp === 'number' ? { online, timestamp } : null;
}
