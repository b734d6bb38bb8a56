import { describe, expect, it } from 'vitest';
import { parseJson } from './parse-json.ts';

const parse = (text: string) => parseJson(Buffer.from(text));

describe('parseJson', () => {
  it.each(['{"a":1}', '[1,2]', ' {"a":[1]}\r\n\t ', '[{}] ', '7', '"a"', 'null', '\uFEFF{"a":1}'])(
    'reads %j as JSON.parse does',
    (text) => {
      expect(parse(text)).toEqual({ json: JSON.parse(text.replace('\uFEFF', '')) as unknown });
    },
  );

  it.each([
    '{"a":1',
    '[1,2',
    '[1}',
    '{"a":1]',
    '{',
    '[ ',
    '{"a":NaN}',
    '{"a":1}}',
    '{"a":1} \0',
    'rubbish',
    '',
  ])('gives null for %j', (text) => expect(parse(text)).toBeNull());

  it('gives null for what is not UTF-8', () => {
    expect(parseJson(Buffer.from([0x22, 0xff, 0x22]))).toBeNull();
    expect(parseJson(Buffer.from([0xff, 0x00]))).toBeNull();
  });

  it('leaves the stacks of other errors as they were', () => {
    const { stackTraceLimit } = Error;
    parse('rubbish');
    parse('7');
    expect(Error.stackTraceLimit).toBe(stackTraceLimit);
  });
});
