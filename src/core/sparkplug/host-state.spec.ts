/** STATE is written as edge nodes want it, and read without trust. */
import { describe, expect, it } from 'vitest';
import { readHostState, writeHostState } from './host-state.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('the STATE of a host', () => {
  it('is JSON with online and timestamp and nothing else', () => {
    expect(writeHostState({ online: false, timestamp: 5 })).toBe('{"online":false,"timestamp":5}');
    expect(readHostState(bytes('{"online":true,"timestamp":5,"more":1}'))).toEqual({
      online: true,
      timestamp: 5,
    });
  });

  it.each(['ONLINE', '', 'null', '[]', '{"online":"true","timestamp":5}', '{"online":true}'])(
    'is not %j',
    (text) => {
      expect(readHostState(bytes(text))).toBeNull();
    },
  );

  it('is not what is no UTF-8', () => {
    expect(readHostState(Uint8Array.of(0xff, 0xfe))).toBeNull();
  });
});
