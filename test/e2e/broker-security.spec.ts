/** A sensor can speak only as itself, and a feed can be encrypted and closed to strangers. */
import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connectAsync, type IClientOptions } from 'mqtt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { brokerAcl } from '../../src/features/ingest/broker-acl.ts';
import { IngestService } from '../../src/features/ingest/ingest.service.ts';
import { readBrokerTls } from '../../src/platform/mqtt/broker-tls.ts';
import { startEmbeddedBroker } from '../../src/platform/mqtt/embedded-broker.ts';
import { SensorRepository } from '../../src/platform/storage/sensor-repository.ts';
import { eventually } from '../support/eventually.ts';
import { mosquittoIsThere, startMosquitto } from '../support/test-brokers.ts';
import { withTestDatabase } from '../support/test-database.ts';

const run = (command: string, ...words: string[]) => {
  const { status, stderr, error } = spawnSync(command, words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${words.join(' ')}: ${stderr ?? String(error)}`);
};
const canMakeCertificates = spawnSync('openssl', ['version']).error === undefined;
const topicOf = (sensor: string) => `spanwatch/v1/north/T-1/${sensor}/impedance`;
const reading = JSON.stringify({ observedAt: '2026-01-01T00:00:00Z', loadAmpere: 1 });
/** MQTT 5: not authorised. */
const NOT_AUTHORISED = 135;

describe('a closed broker', () => {
  const { database } = withTestDatabase();
  const leftovers: (() => Promise<unknown>)[] = [];
  let folder = '';
  const at = (name: string) => path.join(folder, name);

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'spanwatch-security-'));
    // mosquitto gives up root, and must still read what lies here.
    await chmod(folder, 0o755);
    leftovers.push(() => rm(folder, { recursive: true, force: true }));
    await database().query('TRUNCATE impedance_reading');
  });
  afterEach(async () => {
    for (const undo of leftovers.splice(0).reverse()) await undo();
  });

  async function startIngest(mqttUrl: string, files: Parameters<typeof readBrokerTls>[0] = {}) {
    const none = () => {};
    const ingest = new IngestService({
      database: database(),
      logger: { info: none, warn: none, error: none },
      metrics: { stored: none, duplicate: none, conflict: none, rejected: none, batchSeconds: none },
      mqttUrl,
      mqttTls: await readBrokerTls(files),
      session: { clientId: 'ingest', release: async () => {} },
      unknownSensors: 'register',
    });
    await ingest.start();
    leftovers.push(() => ingest.stop());
    return ingest;
  }

  async function connectSensor(url: string, options: IClientOptions = {}) {
    const client = await connectAsync(url, { protocolVersion: 5, reconnectPeriod: 0, ...options }, false);
    leftovers.push(() => client.endAsync(true));
    return client;
  }

  const storedSensors = async () => {
    const { rows } = await database().query<{ sensor_id: string }>(
      'SELECT sensor_id FROM impedance_reading ORDER BY 1',
    );
    return rows.map(({ sensor_id }) => sensor_id);
  };

  async function writeAcl(): Promise<void> {
    const sensors = new SensorRepository(database());
    await sensors.register(
      ['Z-1', 'Z-2'].map((sensorId) => ({ lineId: 'north', towerId: 'T-1', sensorId, kind: 'impedance' })),
    );
    await writeFile(at('acl'), brokerAcl(await sensors.all(), { platform: 'spanwatch' }), { mode: 0o644 });
  }

  it.runIf(mosquittoIsThere)(
    'denies a sensor the topic of another, by the list made of the registry',
    async () => {
      await writeAcl();
      for (const [index, user] of ['spanwatch', 'Z-1', 'Z-2'].entries()) {
        run('mosquitto_passwd', '-b', ...(index === 0 ? ['-c'] : []), at('passwords'), user, `of-${user}`);
      }
      await chmod(at('passwords'), 0o644);
      const broker = await startMosquitto(0, [
        'allow_anonymous false',
        `password_file ${at('passwords')}`,
        `acl_file ${at('acl')}`,
      ]);
      leftovers.push(() => broker.stop());
      const as = (user: string) => broker.url.replace('//', `//${user}:of-${user}@`);
      const ingest = await startIngest(as('spanwatch'));
      expect(() => ingest.checkReady()).not.toThrow();

      const sensor = await connectSensor(as('Z-1'));
      await sensor.publishAsync(topicOf('Z-1'), reading, { qos: 1 });
      await expect(sensor.publishAsync(topicOf('Z-2'), reading, { qos: 1 })).rejects.toMatchObject({
        code: NOT_AUTHORISED,
      });
      await eventually(async () => expect(await storedSensors()).toEqual(['Z-1']));
      await expect(connectSensor(broker.url)).rejects.toMatchObject({ code: NOT_AUTHORISED });
    },
  );

  it.runIf(mosquittoIsThere && canMakeCertificates)('takes certificates for names, over TLS', async () => {
    await writeAcl();
    const subject = (name: string) => ['-subj', `/CN=${name}`];
    run('openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject('grid authority'), '-keyout', at('ca.key'), '-out', at('ca.pem')); // prettier-ignore
    await writeFile(at('extensions'), 'subjectAltName=IP:127.0.0.1\n');
    for (const name of ['127.0.0.1', 'spanwatch', 'Z-1']) {
      run('openssl', 'req', '-newkey', 'rsa:2048', '-nodes', ...subject(name), '-keyout', at(`${name}.key`), '-out', at(`${name}.csr`)); // prettier-ignore
      run('openssl', 'x509', '-req', '-in', at(`${name}.csr`), '-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial', '-days', '2', '-extfile', at('extensions'), '-out', at(`${name}.pem`)); // prettier-ignore
      await chmod(at(`${name}.key`), 0o644);
    }
    const broker = await startMosquitto(0, [
      `cafile ${at('ca.pem')}`,
      `certfile ${at('127.0.0.1.pem')}`,
      `keyfile ${at('127.0.0.1.key')}`,
      'require_certificate true',
      'use_identity_as_username true',
      `acl_file ${at('acl')}`,
    ]);
    leftovers.push(() => broker.stop());
    const url = broker.url.replace('mqtt:', 'mqtts:');
    const files = (name: string) => ({
      MQTT_CA: at('ca.pem'),
      MQTT_CERT: at(`${name}.pem`),
      MQTT_KEY: at(`${name}.key`),
    });
    const ingest = await startIngest(url, files('spanwatch'));
    expect(() => ingest.checkReady()).not.toThrow();
    const sensor = await connectSensor(url, await readBrokerTls(files('Z-1')));
    await sensor.publishAsync(topicOf('Z-1'), reading, { qos: 1 });
    await eventually(async () => expect(await storedSensors()).toEqual(['Z-1']));
    await expect(sensor.publishAsync(topicOf('Z-2'), reading, { qos: 1 })).rejects.toMatchObject({
      code: NOT_AUTHORISED,
    });
  });

  it('in process asks for its login when told, and lets the platform in', async () => {
    const broker = await startEmbeddedBroker(0, 'grid:secret');
    leftovers.push(() => broker.stop());
    const ingest = await startIngest(broker.url);
    expect(() => ingest.checkReady()).not.toThrow();
    const bare = `mqtt://127.0.0.1:${broker.port}`;
    await expect(connectSensor(bare, { protocolVersion: 4 })).rejects.toThrow('Not authorized');
    await expect(
      connectSensor(bare, { protocolVersion: 4, username: 'grid', password: 'Secret' }),
    ).rejects.toThrow('Not authorized');
  });

  it('is told of a certificate without its key, and of a file that is not there', async () => {
    await expect(readBrokerTls({ MQTT_CERT: at('x') })).rejects.toThrow('needs both MQTT_CERT and MQTT_KEY');
    await expect(readBrokerTls({ MQTT_CA: at('absent.pem') })).rejects.toThrow(
      "MQTT_CA names a file that can't be read",
    );
  });
});
