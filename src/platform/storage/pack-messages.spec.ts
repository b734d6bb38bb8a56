import { describe, expect, it } from 'vitest';
import { packMessages, unpackMessages, type PackedMessage } from './pack-messages.ts';

const receivedAt = new Date('2026-11-23T10:00:00.123Z');
const unpacked = (messages: readonly PackedMessage[]) =>
  unpackMessages(packMessages(messages)).map(({ payload, ...rest }) => ({
    ...rest,
    payload: Buffer.from(payload).toString('hex'),
  }));

describe('packed messages', () => {
  it('come out as they went in, whatever is in topic and payload', () => {
    expect(
      unpacked([
        { receivedAt, topic: 'a\0ö/🙂', payload: Buffer.from([0, 1, 254, 255]) },
        { receivedAt: new Date(0), topic: '', payload: Buffer.alloc(0) },
        { receivedAt: new Date(-1), topic: 't', payload: new Uint8Array([7]) },
      ]),
    ).toEqual([
      { receivedAt, topic: 'a\0ö/🙂', payload: '0001feff' },
      { receivedAt: new Date(0), topic: '', payload: '' },
      { receivedAt: new Date(-1), topic: 't', payload: '07' },
    ]);
  });

  it('may be large, many or none', () => {
    const large = { receivedAt, topic: 'ö'.repeat(60_000), payload: Buffer.alloc(100_000, 7) };
    const small = { receivedAt, topic: 't', payload: Buffer.from('x') };
    const sent = [small, large, ...Array.from({ length: 1_000 }, () => small)];
    const back = unpackMessages(packMessages(sent));
    expect(back.length).toBe(1_002);
    expect(back[1]!.topic).toBe(large.topic);
    expect(large.payload.equals(back[1]!.payload)).toBe(true);
    expect(back.at(-1)).toMatchObject({ topic: 't', receivedAt });
    expect(unpackMessages(packMessages([]))).toEqual([]);
  });

  it('are not guessed at when they are packed in another form', () => {
    expect(() => unpackMessages(Buffer.from([9, 1]))).toThrow('form 9, but must be in 1');
  });
});
