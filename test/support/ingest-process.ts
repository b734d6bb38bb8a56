/** The built ingest as a process of its own, started again whenever it ends, as a service manager would. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { spanwatchCommand } from '../../src/platform/project-root.ts';

/** It gives up where the database is away at its start. */
const START_AGAIN_MS = 500;

export class IngestProcess {
  /** All that it has said, over all its lives. */
  readonly lines: string[] = [];
  private child: ChildProcess | undefined;
  private again: NodeJS.Timeout | undefined;
  private wanted = false;

  constructor(
    private readonly settings: Readonly<Record<string, string>>,
    private readonly onLine: (line: string) => void = () => {},
  ) {}

  /** Undefined while there is none. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  start(): void {
    this.wanted = true;
    const child = spawn(process.execPath, [spanwatchCommand, 'start', '--roles', 'ingest'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, PORT: '0', LOG_LEVEL: 'warn', ...this.settings },
    });
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        this.lines.push(line);
        this.onLine(line);
      });
    }
    child.once('exit', () => {
      this.child = undefined;
      if (this.wanted) this.again = setTimeout(() => this.start(), START_AGAIN_MS);
    });
  }

  /** It comes back. */
  async kill(): Promise<void> {
    const { child } = this;
    if (!child) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  async stop(): Promise<void> {
    this.wanted = false;
    clearTimeout(this.again);
    await this.kill();
  }
}
