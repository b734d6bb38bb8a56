/** A small Sparkplug edge node on a real connection: will, births, rebirths, and a store while its host is away. */
import { connectAsync, type MqttClient } from 'mqtt';
import { readHostState } from '../../src/core/sparkplug/host-state.ts';
import type { Metric } from '../../src/core/sparkplug/payload.ts';
import { decodePayload } from '../../src/platform/sparkplug/decode-payload.ts';
import { encodePayload } from '../../src/platform/sparkplug/encode-payload.ts';
import { EdgeNodeScript, type Said, type ScriptMetric } from './edge-node-script.ts';

export interface EdgeNodeOptions {
  readonly url: string;
  readonly group?: string;
  readonly node?: string;
  /** Its metrics at birth, by device; the empty name is the node itself. */
  readonly devices: Readonly<Record<string, readonly ScriptMetric[]>>;
  readonly withAliases?: boolean;
  /** Left out, it does. */
  readonly answersRebirth?: boolean;
  /** It then sends only while this host application is online, and stores meanwhile. */
  readonly primaryHost?: string;
}

export class EdgeNodeSimulator {
  readonly script: EdgeNodeScript;
  /** Commands that came. */
  readonly commands: { readonly metrics: readonly Metric[]; readonly retain: boolean }[] = [];
  /** How often it was born. */
  births = 0;
  hostOnline: boolean;
  private client!: MqttClient;
  private hostTimestamp = 0;
  private store: { device: string | null; metrics: readonly ScriptMetric[] }[] = [];

  constructor(private readonly options: EdgeNodeOptions) {
    const { group = 'north', node = 'T-1', withAliases, primaryHost } = options;
    this.script = new EdgeNodeScript(group, node, 0, withAliases);
    this.hostOnline = primaryHost === undefined;
  }

  get stored(): number {
    return this.store.length;
  }

  async connect(): Promise<void> {
    const { url, primaryHost, answersRebirth = true } = this.options;
    const { topic, payload } = this.script.death();
    this.client = await connectAsync(url, {
      protocolVersion: 4,
      reconnectPeriod: 0,
      will: { topic, payload: Buffer.from(encodePayload(payload)), qos: 1, retain: false },
    });
    this.client.on('error', () => {});
    this.client.on('message', (came, bytes, { retain }) => {
      if (came.startsWith('spBv1.0/STATE/')) return this.takeState(bytes);
      const { metrics } = decodePayload(bytes);
      this.commands.push({ metrics, retain });
      if (answersRebirth && metrics.some(({ name }) => name === 'Node Control/Rebirth')) this.sendBirths();
    });
    await this.client.subscribeAsync(`spBv1.0/${this.script.group}/NCMD/${this.script.node}`, { qos: 1 });
    if (primaryHost === undefined) this.sendBirths();
    else await this.client.subscribeAsync(`spBv1.0/STATE/${primaryHost}`, { qos: 1 });
  }

  /** Data now, or later as historical where the primary host is away. */
  send(device: string | null, metrics: readonly ScriptMetric[]): void {
    if (this.hostOnline) this.publish(this.script.data(device, metrics));
    else this.store.push({ device, metrics });
  }

  publish({ topic, payload }: Said): void {
    this.client.publish(topic, Buffer.from(encodePayload(payload)), { qos: 0 });
  }

  /** All that was published is with the broker. */
  async settle(): Promise<void> {
    await this.client.publishAsync('settled', '', { qos: 1 });
  }

  /** As if its power was cut: the broker sends its will. */
  crash(): void {
    this.client.stream.destroy();
  }

  async stop(): Promise<void> {
    await this.client.endAsync(true);
  }

  private sendBirths(): void {
    this.births++;
    const { '': own = [], ...devices } = this.options.devices;
    this.publish(this.script.birth(own));
    for (const [device, metrics] of Object.entries(devices)) {
      this.publish(this.script.deviceBirth(device, metrics));
    }
  }

  private takeState(bytes: Buffer): void {
    const state = readHostState(bytes);
    if (!state || state.timestamp < this.hostTimestamp) return;
    this.hostTimestamp = state.timestamp;
    if (state.online === this.hostOnline) return;
    this.hostOnline = state.online;
    if (!state.online) return this.publish(this.script.death());
    this.sendBirths();
    for (const { device, metrics } of this.store.splice(0)) {
      this.send(
        device,
        metrics.map((metric) => ({ ...metric, isHistorical: true })),
      );
    }
  }
}
