import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { startNetworkLink, type NetworkLink } from './network-link.ts';

describe('a network link', () => {
  const served: Socket[] = [];
  const heard: Buffer[] = [];
  const server = createServer((socket) => {
    served.push(socket);
    socket.on('error', () => {}).pipe(socket);
  });
  let link: NetworkLink;

  beforeEach(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    link = await startNetworkLink(
      (server.address() as AddressInfo).port,
      () => (chunk) => void heard.push(chunk),
    );
  });
  afterEach(async () => {
    await link.stop();
    for (const socket of served.splice(0)) socket.destroy();
    heard.length = 0;
    await new Promise((resolve) => server.close(resolve));
  });

  async function dial() {
    const socket = connect(link.port, '127.0.0.1');
    const seen = { socket, text: '', error: '', closed: false };
    socket.on('data', (chunk: Buffer) => (seen.text += chunk.toString()));
    socket.on('error', (error: NodeJS.ErrnoException) => (seen.error = error.code ?? ''));
    socket.on('close', () => (seen.closed = true));
    await once(socket, 'connect');
    return seen;
  }

  it('forwards, lets what comes back be heard, and closes with either end', async () => {
    const caller = await dial();
    caller.socket.write('hello');
    await eventually(() => expect(caller.text).toBe('hello'));
    expect(Buffer.concat(heard).toString()).toBe('hello');
    served[0]!.end('bye');
    await eventually(() => expect([caller.text, caller.closed]).toEqual(['hellobye', true]));
    expect(link.connections).toBe(1);
  });

  it('resets both ends', async () => {
    const caller = await dial();
    caller.socket.write('a');
    await eventually(() => expect(caller.text).toBe('a'));
    const [far] = served;
    const farError = once(far!, 'error');
    link.reset();
    await eventually(() => expect([caller.error, caller.closed]).toEqual(['ECONNRESET', true]));
    expect(((await farError) as [NodeJS.ErrnoException])[0].code).toBe('ECONNRESET');
  });

  it('holds up old connections and new without closing them, and delivers all of it later', async () => {
    const old = await dial();
    link.hold();
    const late = await dial();
    old.socket.write('old');
    late.socket.write('late');
    await sleep(200);
    expect([old.text, late.text, old.closed, late.closed]).toEqual(['', '', false, false]);
    link.release();
    await eventually(() => expect([old.text, late.text]).toEqual(['old', 'late']));
  });

  it('leaves abandoned connections open and dumb, and serves new ones', async () => {
    const dead = await dial();
    link.abandon();
    dead.socket.write('lost');
    const alive = await dial();
    alive.socket.write('alive');
    await eventually(() => expect(alive.text).toBe('alive'));
    expect([dead.text, dead.closed]).toEqual(['', false]);
  });
});
