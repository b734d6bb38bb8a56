/**
 * The broker for those who have none: aedes in this process, on 127.0.0.1.
 *
 * It speaks MQTT 3.1.1 (3.1 too), not 5; it knows no shared subscriptions, and keeps sessions in memory only: what
 * was published but not yet taken is lost when the process ends. For more, set MQTT_URL to a real broker.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { Aedes } from 'aedes';
import { Unavailable } from '../../core/domain/failure.ts';

export interface EmbeddedBroker {
  /** `mqtt://127.0.0.1:1883`, with user and password where it asks for them */
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

const ADDRESS = '127.0.0.1';

/**
 * @param port 0 takes a free one
 * @param login `user:password` that every client must give; left out, anyone on this machine may connect
 * @throws Unavailable when the port can't be had
 */
export async function startEmbeddedBroker(port: number, login?: string): Promise<EmbeddedBroker> {
  const aedes = await Aedes.createBroker();
  if (login !== undefined) {
    aedes.authenticate = (_client, user, password, done) =>
      done(null, isSame(`${user ?? ''}:${password?.toString() ?? ''}`, login));
  }
  const server = createServer((socket) => void aedes.handle(socket));
  const stop = async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    await new Promise<void>((resolve) => aedes.close(() => resolve()));
    await closed;
  };
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, ADDRESS, resolve);
    });
  } catch (cause) {
    await new Promise<void>((resolve) => aedes.close(() => resolve()));
    throw refused(port, cause as NodeJS.ErrnoException);
  }
  const { port: taken } = server.address() as AddressInfo;
  return { url: `mqtt://${login === undefined ? '' : `${login}@`}${ADDRESS}:${taken}`, port: taken, stop };
}

/** Takes as long for a near miss as for a far one. */
function isSame(given: string, login: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(login));
}

function refused(port: number, cause: NodeJS.ErrnoException): Unavailable {
  const why = cause.code === 'EADDRINUSE' ? 'is in use' : `can't be opened (${cause.message})`;
  return new Unavailable(
    'mqtt-port-in-use',
    `Port ${port} for the MQTT broker ${why}: set MQTT_PORT to another one (0 takes a free one), or MQTT_URL to use the broker that runs there.`,
    { port },
    { cause },
  );
}
