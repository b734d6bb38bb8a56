/** Publishes numbered messages and keeps which of them the broker has acknowledged. */
import { setTimeout as sleep } from 'node:timers/promises';
import { connectAsync, type MqttClient } from 'mqtt';
import { feedMessage } from './feed-message.ts';

export interface FeedPace {
  /** Messages that wait for the broker's acknowledgement at most. */
  readonly window: number;
  /** Rests so long after every ten messages. */
  readonly restMs: number;
}

const RUSH: FeedPace = { window: 2_000, restMs: 0 };
const STROLL: FeedPace = { window: 200, restMs: 5 };
/** What a broker does not acknowledge by then counts as not acknowledged. */
const LAST_ANSWERS_MS = 20_000;

export class Feed {
  readonly acknowledged = new Set<number>();
  /** The next message's number: all below were sent. */
  sent = 0;
  private running: Promise<void> = Promise.resolve();
  private stopping = false;

  constructor(private readonly brokerUrl: string) {}

  /** Until it is told to stop. */
  start(): void {
    this.stopping = false;
    this.running = this.publish(Infinity, STROLL);
  }

  /** Resolves when the last answers are there. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.running;
  }

  /** As fast as the broker takes them. @returns when all are acknowledged */
  async send(count: number): Promise<void> {
    this.stopping = false;
    await this.publish(this.sent + count, RUSH);
  }

  private async publish(end: number, { window, restMs }: FeedPace): Promise<void> {
    const client = await connectAsync(
      this.brokerUrl,
      { clientId: 'feed', clean: false, reconnectPeriod: 100 },
      true,
    );
    client.on('error', () => {});
    let waiting = 0;
    let onAnswer: () => void = () => {};
    const answered = () => new Promise<void>((resolve) => (onAnswer = resolve));
    while (this.sent < end && !this.stopping) {
      waiting++;
      this.publishOne(client, this.sent++, () => {
        waiting--;
        onAnswer();
      });
      while (waiting >= window && !this.stopping) await Promise.race([answered(), sleep(1_000)]);
      if (restMs > 0 && this.sent % 10 === 0) await sleep(restMs);
    }
    const deadline = performance.now() + LAST_ANSWERS_MS;
    while (waiting > 0 && performance.now() < deadline) await Promise.race([answered(), sleep(100)]);
    await client.endAsync(true);
  }

  private publishOne(client: MqttClient, index: number, onAnswer: () => void): void {
    const { topic, payload } = feedMessage(index);
    client.publish(topic, payload, { qos: 1 }, (error) => {
      if (!error) this.acknowledged.add(index);
      onAnswer();
    });
  }
}
