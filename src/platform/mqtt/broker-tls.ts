/** How we check the broker's certificate and show it our own. */
import { readFile } from 'node:fs/promises';
import { BadInput } from '../../core/domain/failure.ts';

/** PEM. */
export interface BrokerTls {
  /** Who signed the broker's certificate, where that is not one of the usual authorities. */
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

export interface BrokerTlsFiles {
  readonly MQTT_CA?: string | undefined;
  readonly MQTT_CERT?: string | undefined;
  readonly MQTT_KEY?: string | undefined;
}

/** @throws BadInput that names the setting whose file can't be read, or is missing beside another */
export async function readBrokerTls({ MQTT_CA, MQTT_CERT, MQTT_KEY }: BrokerTlsFiles): Promise<BrokerTls> {
  if ((MQTT_CERT === undefined) !== (MQTT_KEY === undefined)) {
    throw new BadInput('wrong-settings', 'A client certificate needs both MQTT_CERT and MQTT_KEY.');
  }
  const [ca, cert, key] = await Promise.all([
    read('MQTT_CA', MQTT_CA),
    read('MQTT_CERT', MQTT_CERT),
    read('MQTT_KEY', MQTT_KEY),
  ]);
  return { ...(ca && { ca }), ...(cert && key && { cert, key }) };
}

async function read(setting: string, file: string | undefined): Promise<Buffer | undefined> {
  if (file === undefined) return undefined;
  return readFile(file).catch((cause: Error) => {
    throw new BadInput(
      'wrong-settings',
      `${setting} names a file that can't be read: ${cause.message}.`,
      {},
      { cause },
    );
  });
}
