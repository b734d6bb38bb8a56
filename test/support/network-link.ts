/** A network between two parts, whose connections can be reset, held up, or left to die without a word. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface NetworkLink {
  readonly port: number;
  /** How often somebody has connected. */
  readonly connections: number;
  /** RST to both ends of every connection; the next ones are let through. */
  reset(): void;
  /** Nothing is forwarded from now on, in old connections and new, and none is closed. */
  hold(): void;
  /** What was held up goes on its way. */
  release(): void;
  /** The connections that there are stay open and carry nothing any more; new ones work. */
  abandon(): void;
  stop(): Promise<void>;
}

/** @param listen makes a listener to what the target sends, for each connection */
export async function startNetworkLink(
  targetPort: number,
  listen?: () => (chunk: Buffer) => void,
): Promise<NetworkLink> {
  const alive = new Set<Wire>();
  const abandoned = new Set<Wire>();
  let held = false;
  let connections = 0;
  const server = createServer({ pauseOnConnect: true }, (client) => {
    connections++;
    const wire = new Wire(client, connect(targetPort, '127.0.0.1'), listen?.());
    alive.add(wire);
    wire.onEnd = () => alive.delete(wire);
    if (!held) wire.release();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    reset: () => {
      for (const wire of alive) wire.reset();
    },
    hold: () => {
      held = true;
      for (const wire of alive) wire.hold();
    },
    release: () => {
      held = false;
      for (const wire of alive) wire.release();
    },
    abandon: () => {
      for (const wire of alive) {
        wire.hold();
        abandoned.add(wire);
      }
      alive.clear();
    },
    stop: async () => {
      for (const wire of [...alive, ...abandoned]) wire.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** One connection, as two. */
class Wire {
  onEnd: () => void = () => {};
  private held = true;
  private isReset = false;

  constructor(
    private readonly client: Socket,
    private readonly target: Socket,
    listener?: (chunk: Buffer) => void,
  ) {
    target.pause();
    if (listener) target.on('data', listener);
    this.forward(client, target);
    this.forward(target, client);
  }

  hold(): void {
    this.held = true;
    for (const socket of [this.client, this.target]) socket.pause();
  }

  release(): void {
    this.held = false;
    for (const socket of [this.client, this.target]) socket.resume();
    if (this.client.closed || this.target.closed) this.end();
  }

  reset(): void {
    // Once: a reset of a socket that is being closed is an error of its own, which must not lead to another.
    if (this.isReset) return;
    this.isReset = true;
    for (const socket of [this.client, this.target]) if (!socket.destroyed) socket.resetAndDestroy();
  }

  destroy(): void {
    this.isReset = true;
    for (const socket of [this.client, this.target]) socket.destroy();
  }

  private forward(from: Socket, to: Socket): void {
    from.on('data', (chunk: Buffer) => {
      if (to.destroyed || to.write(chunk)) return;
      from.pause();
      to.once('drain', () => {
        if (!this.held) from.resume();
      });
    });
    // A reset at one end is a reset at the other.
    from.on('error', () => {
      if (!this.held) this.reset();
    });
    from.on('close', () => {
      if (!this.held) this.end();
    });
  }

  /** What was read is still written. */
  private end(): void {
    for (const socket of [this.client, this.target]) socket.destroySoon();
    this.onEnd();
  }
}
