/** The doors to what could not be stored: the command line and HTTP. */
import 'reflect-metadata';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { rejectedCommand } from '../../src/cli/rejected.ts';
import { storeRejectedMessages } from '../../src/platform/storage/rejected-message-repository.ts';
import { startTestSpanwatch, type TestSpanwatch } from '../support/test-spanwatch.ts';
import { withTestDatabase } from '../support/test-database.ts';

const { database, url } = withTestDatabase();
const topic = 'spanwatch/v1/north/T-1/imp/impedance';
const good = (minute: number) =>
  JSON.stringify({ observedAt: `2026-01-01T00:0${minute}:00Z`, loadAmpere: minute });

beforeEach(async () => {
  vi.stubEnv('DATABASE_URL', url());
  await database().query('TRUNCATE rejected_message, impedance_reading');
  const message = (day: number, payload: string, reasonCode: string) => ({
    receivedAt: new Date(Date.UTC(2026, 0, day)),
    topic,
    payload: Buffer.from(payload),
    reasonCode,
    reason: `It is ${reasonCode}.`,
  });
  await storeRejectedMessages(database(), [
    message(1, good(1), 'sensor-unknown'),
    message(2, good(2), 'sensor-unknown'),
    message(3, '\x1b[2Jrubbish', 'payload-not-json'),
  ]);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** @returns what is printed, line by line */
async function run(...words: string[]): Promise<string[]> {
  const print = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    await (await rejectedCommand(words)).parseAsync(words, { from: 'user' });
    return print.mock.calls
      .map(([text]) => String(text))
      .join('')
      .trimEnd()
      .split('\n');
  } finally {
    print.mockRestore();
  }
}

describe('spanwatch rejected list', () => {
  it('prints one line of JSON a message, the newest first', async () => {
    const lines = (await run('list', '--json', '--limit', '2')).map((line) => JSON.parse(line) as object);
    expect(lines).toMatchObject([
      { topic, reasonCode: 'payload-not-json', receivedAt: '2026-01-03T00:00:00.000Z', payloadBytes: 11 },
      { reasonCode: 'sensor-unknown', payloadStart: good(2), replayedAt: null },
    ]);
    expect((await run('list', '--json', '--since', '2026-01-03T00:00:00Z')).length).toBe(1);
    expect(await run('list', '--json', '--topic', 'elsewhere')).toEqual(['']);
  });

  it('lets nothing that was sent steer the terminal', async () => {
    const text = (await run('list', '--reason', 'payload-not-json')).join('\n');
    expect(text).toContain('11 bytes: ·[2Jrubbish');
    expect(text).not.toContain('\x1b');
  });

  it('counts by reason', async () => {
    const lines = (await run('list', '--count', '--json')).map((line) => JSON.parse(line) as object);
    expect(lines).toMatchObject([
      { reasonCode: 'sensor-unknown', messages: 2, newestAt: '2026-01-02T00:00:00.000Z' },
      { reasonCode: 'payload-not-json', messages: 1 },
    ]);
  });

  it.each([
    [['--since', 'yesterday'], "--since is 'yesterday', but must be a time with its zone"],
    [['--limit', '0'], "--limit is '0', but must be a whole number of at least 1."],
  ])('refuses %j in one line', async (options, message) => {
    await expect(run('list', ...options)).rejects.toThrow(message);
  });
});

describe('spanwatch rejected replay', () => {
  it('reports what it stored, or would store', async () => {
    const [would] = await run('replay', '--dry-run', '--json', '--reason', 'sensor-unknown');
    expect(JSON.parse(would!)).toMatchObject({ messages: 2, replayed: 2, readingsStored: 2, dryRun: true });
    expect(await run('replay')).toEqual([
      'Replayed 2 of 3 messages; 2 readings stored, 0 were there already; 1 messages are refused again (1 payload-not-json).',
    ]);
    expect((await run('list', '--state', 'replayed', '--json')).length).toBe(2);
  });
});

describe('spanwatch rejected purge', () => {
  it('refuses to delete unless it is told to for certain, and says how much it would be', async () => {
    await expect(run('purge', '--older-than', '1d')).rejects.toThrow('3 messages received before');
    expect((await run('list', '--json')).length).toBe(3);
  });

  it('deletes what is old and fits', async () => {
    const [report] = await run(
      'purge',
      '--older-than',
      '2w',
      '--reason',
      'sensor-unknown',
      '--yes',
      '--json',
    );
    expect(JSON.parse(report!)).toMatchObject({ purged: 2 });
    expect((await run('list', '--json')).length).toBe(1);
    expect(await run('purge', '--older-than', '9000w', '--yes')).toEqual(['Deleted 0 rejected messages.']);
  });

  it('refuses a span of time that it does not know', async () => {
    await expect(run('purge', '--older-than', '30')).rejects.toThrow("--older-than is '30', but must be");
  });
});

interface Body {
  readonly items: readonly { readonly rejectedMessageId: string }[];
  readonly nextCursor: string;
  readonly payloadBase64: string;
}

describe('GET /v1/rejected-messages', () => {
  let spanwatch: TestSpanwatch;
  beforeAll(async () => {
    spanwatch = await startTestSpanwatch(url(), { ROLES: 'api' });
  });
  afterAll(() => spanwatch.remove());

  const get = async (path: string) => {
    const response = await fetch(`${spanwatch.url}/v1/rejected-messages${path}`);
    return { status: response.status, body: (await response.json()) as Body };
  };

  it('lists page by page, and shows one with all its bytes', async () => {
    const first = await get('?limit=2');
    expect(first.body.items).toMatchObject([{ reasonCode: 'payload-not-json' }, { payloadBytes: 52 }]);
    const next = await get(`?limit=2&cursor=${encodeURIComponent(first.body.nextCursor)}`);
    expect(next.body).toMatchObject({
      items: [{ receivedAt: '2026-01-01T00:00:00.000Z' }],
      nextCursor: null,
    });
    const { rejectedMessageId } = next.body.items[0]!;
    const one = await get(`/${rejectedMessageId}`);
    expect(Buffer.from(one.body.payloadBase64, 'base64').toString()).toBe(good(1));
  });

  it('filters, and refuses a filter or cursor that it does not know', async () => {
    const filtered = await get(
      '?reason=sensor-unknown&since=2026-01-02T00:00:00Z&state=waiting&topic=spanwatch',
    );
    expect(filtered.body.items).toMatchObject([{ receivedAt: '2026-01-02T00:00:00.000Z' }]);
    expect((await get('?state=lost')).status).toBe(400);
    expect((await get('?since=yesterday')).status).toBe(400);
    expect((await get(`?cursor=${btoa('["a","b"]')}`)).status).toBe(400);
    expect((await get('/0')).status).toBe(404);
    expect((await get('/abc')).status).toBe(404);
  });
});
