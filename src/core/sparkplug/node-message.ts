/** One message of an edge node or its device, decoded, beside the bytes that it came in. */
import type { Payload } from './payload.ts';
import type { SparkplugTopic } from './sparkplug-topic.ts';

export interface NodeMessage {
  readonly topic: Exclude<SparkplugTopic, { verb: 'STATE' }>;
  readonly payload: Payload;
  /** As it came, for what must be kept when it can't be read. */
  readonly sent: { readonly topic: string; readonly payload: Uint8Array; readonly receivedAt: Date };
}
