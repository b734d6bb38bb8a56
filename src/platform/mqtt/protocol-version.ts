/** Which MQTT version a broker speaks shows when it refuses the other. */

/** 4 is MQTT 3.1.1. */
export type ProtocolVersion = 4 | 5;

/** Unacceptable protocol version in 3.1.1, unsupported protocol version in 5. */
const REFUSALS: readonly unknown[] = [1, 132];

export function isVersionRefused(error: Error): boolean {
  return REFUSALS.includes((error as { code?: unknown }).code);
}
