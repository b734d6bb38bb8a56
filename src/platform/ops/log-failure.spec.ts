import { Writable } from 'node:stream';
import pino from 'pino';
import { expect, it } from 'vitest';
import { Unavailable } from '../../core/domain/failure.ts';
import { logFailure } from './log-failure.ts';

function logged(error: unknown): Record<string, unknown> {
  const lines: string[] = [];
  const write = (chunk: Buffer, _: string, done: () => void) => {
    lines.push(chunk.toString());
    done();
  };
  const logger = pino({ base: undefined, timestamp: false }, new Writable({ write }));
  logFailure(logger, error, { messages: 3 }, 'nothing is stored');
  expect(lines.length).toBe(1);
  return JSON.parse(lines[0]!) as Record<string, unknown>;
}

it('says an outage in one line without a stack, with the code that lies beneath', () => {
  const cause = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
  const error = new Unavailable('database-unreachable', 'The database went away.', {}, { cause });
  expect(logged(error)).toEqual({
    level: 40,
    messages: 3,
    reason: 'The database went away.',
    code: 'ECONNRESET',
    msg: 'nothing is stored',
  });
});

it('keeps the stack of what nobody foresaw', () => {
  expect(logged(new TypeError('x is not a function'))).toMatchObject({
    level: 50,
    messages: 3,
    err: { type: 'TypeError', stack: expect.stringContaining('log-failure.spec') as string },
    msg: 'nothing is stored',
  });
});
