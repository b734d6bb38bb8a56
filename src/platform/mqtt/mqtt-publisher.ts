/** Publishes as sensors do, for the simulated ones. */
import { connectAsync, type MqttClient } from 'mqtt';
import { Unavailable } from '../../core/domain/failure.ts';
import { isVersionRefused, type ProtocolVersion } from './protocol-version.ts';

export interface MqttPublisher {
  /** Resolves when the broker has taken it, QoS 1. */
  publish(topic: string, payload: string | Buffer): Promise<void>;
  close(): Promise<void>;
}

/** @throws Unavailable when the broker can't be reached */
export async function connectPublisher(url: string): Promise<MqttPublisher> {
  const client = await open(url, 5)
    .catch((error: Error) => {
      if (isVersionRefused(error)) return open(url, 4);
      throw error;
    })
    .catch((cause: Error) => {
      const message = `The MQTT broker at ${new URL(url).host} can't be reached: ${cause.message}`;
      throw new Unavailable('broker-unreachable', message, {}, { cause });
    });
  // Connects again by itself; what was not taken is then sent again.
  client.on('error', () => {});
  return {
    publish: async (topic, payload) => {
      await client.publishAsync(topic, payload, { qos: 1 });
    },
    // Not connected, it would wait for the broker's answers for ever.
    close: () => client.endAsync(!client.connected),
  };
}

function open(url: string, protocolVersion: ProtocolVersion): Promise<MqttClient> {
  return connectAsync(url, { protocolVersion }, false);
}
