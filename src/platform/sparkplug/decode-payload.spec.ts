/** Every datatype of Sparkplug B comes through the wire with its meaning; rubbish is refused. */
import { describe, expect, it } from 'vitest';
import { BadInput } from '../../core/domain/failure.ts';
import { datatypeNumber, type Datatype } from '../../core/sparkplug/datatypes.ts';
import type { Metric, WireValue } from '../../core/sparkplug/payload.ts';
import { numberOf, readValue } from '../../core/sparkplug/read-value.ts';
import { decodePayload } from './decode-payload.ts';
import { encodePayload } from './encode-payload.ts';

function metric(changed: Partial<Metric>): Metric {
  return {
    name: null,
    alias: null,
    timestampMs: null,
    datatype: null,
    isHistorical: false,
    isTransient: false,
    isNull: false,
    quality: null,
    wire: null,
    ...changed,
  };
}

const bytes = (...values: number[]): WireValue => ({ field: 'bytes', value: Uint8Array.from(values) });
const int = (value: number): WireValue => ({ field: 'int', value });
const long = (value: bigint): WireValue => ({ field: 'long', value });
const dataSet: WireValue = {
  field: 'dataset',
  value: {
    columns: ['phase', 'ohm'],
    types: [12, 10],
    rows: [
      [
        { field: 'string', value: 'a' },
        { field: 'double', value: 0.5 },
      ],
      [null, int(1)],
    ],
  },
};
const template: WireValue = {
  field: 'template',
  value: {
    isDefinition: false,
    reference: 'Span',
    version: '1',
    metrics: [metric({ name: 'ohm', datatype: 10, wire: { field: 'double', value: 0.02 } })],
  },
};

const samples: readonly [Datatype, WireValue, unknown][] = [
  ['Int8', int(0xff), -1],
  ['Int8', int(0xffff_ffff), -1],
  ['Int16', int(0x8000), -32_768],
  ['Int32', int(0xffff_fffe), -2],
  ['Int64', long(0xffff_ffff_ffff_fffdn), -3n],
  ['UInt8', int(255), 255],
  ['UInt16', int(65_535), 65_535],
  ['UInt32', int(0xffff_ffff), 0xffff_ffff],
  ['UInt32', long(0xffff_ffffn), 0xffff_ffff],
  ['UInt64', long(0xffff_ffff_ffff_ffffn), 0xffff_ffff_ffff_ffffn],
  ['Float', { field: 'float', value: 0.5 }, 0.5],
  ['Double', { field: 'double', value: 0.0218 }, 0.0218],
  ['Boolean', { field: 'boolean', value: false }, false],
  ['String', { field: 'string', value: 'Ω' }, 'Ω'],
  ['DateTime', long(1_486_144_502_122n), new Date(1_486_144_502_122)],
  ['Text', { field: 'string', value: '' }, ''],
  [
    'UUID',
    { field: 'string', value: '550e8400-e29b-41d4-a716-446655440000' },
    '550e8400-e29b-41d4-a716-446655440000',
  ],
  ['DataSet', dataSet, dataSet.value],
  ['Bytes', bytes(0, 255), Uint8Array.of(0, 255)],
  ['File', bytes(1), Uint8Array.of(1)],
  ['Template', template, template.value],
  ['Int8Array', bytes(0xff, 1), [-1, 1]],
  ['Int16Array', bytes(0xfe, 0xff), [-2]],
  ['Int32Array', bytes(0xff, 0xff, 0xff, 0xff), [-1]],
  ['Int64Array', bytes(1, 0, 0, 0, 0, 0, 0, 0), [1n]],
  ['UInt8Array', bytes(255), [255]],
  ['UInt16Array', bytes(1, 2), [513]],
  ['UInt32Array', bytes(0x15, 0xcd, 0x5b, 0x07), [123_456_789]],
  ['UInt64Array', bytes(52, 0, 0, 0, 0, 0, 0, 0), [52n]],
  ['FloatArray', bytes(0, 0, 0, 0x3f), [0.5]],
  ['DoubleArray', bytes(0, 0, 0, 0, 0, 0, 0xe0, 0x3f), [0.5]],
  ['BooleanArray', bytes(3, 0, 0, 0, 0b1010_0000), [true, false, true]],
  ['StringArray', bytes(0x41, 0x42, 0, 0, 0x43, 0), ['AB', '', 'C']],
  ['DateTimeArray', bytes(0xc7, 0xd0, 0x90, 0x75, 0x24, 1, 0, 0), [1_256_102_875_335n]],
];

describe('a payload of Sparkplug B', () => {
  it.each(samples)('carries %s', (datatype, wire, value) => {
    const sent = metric({ name: 'x', datatype: datatypeNumber(datatype), wire });
    const [came] = decodePayload(encodePayload({ timestampMs: 1, seq: 0, metrics: [sent] })).metrics;
    expect(came).toEqual({ ...sent, wire: expect.anything() as unknown });
    const read = readValue(came!.datatype!, came!.wire!);
    // protobufjs gives bytes in Node's own kind of array.
    expect(read instanceof Uint8Array ? Uint8Array.from(read) : read).toEqual(value);
  });

  it('carries names, aliases, times, flags and quality, and tells absent from zero', () => {
    const full = metric({
      name: 'Line/R',
      alias: 0xffff_ffff_ffff_ffffn,
      timestampMs: 1_790_000_000_000,
      datatype: 10,
      isHistorical: true,
      isTransient: true,
      isNull: true,
      quality: 500,
    });
    const payload = { timestampMs: 1_790_000_000_001, seq: 255, metrics: [full, metric({ alias: 0n })] };
    expect(decodePayload(encodePayload(payload))).toEqual(payload);
    const empty = { timestampMs: null, seq: null, metrics: [] };
    expect(decodePayload(encodePayload(empty))).toEqual(empty);
    expect(decodePayload(encodePayload({ ...empty, seq: 0 })).seq).toBe(0);
  });

  it('makes numbers of numeric and boolean values only', () => {
    expect([0.5, -3n, true, false].map(numberOf)).toEqual([0.5, -3, 1, 0]);
    expect(['1', new Date(1), Uint8Array.of(1)].map(numberOf)).toEqual([null, null, null]);
  });

  it.each<[Datatype, WireValue]>([
    ['Int8', int(300)],
    ['UInt8', int(0xffff_ffff)],
    ['Int32', { field: 'double', value: 1 }],
    ['Double', int(1)],
    ['Boolean', int(1)],
    ['Int32Array', bytes(1, 2, 3)],
    ['BooleanArray', bytes(255, 255, 255, 255, 1)],
    ['BooleanArray', bytes(1)],
    ['StringArray', bytes(0x41)],
    ['Double', { field: 'extension' }],
  ])('has no %s in a value that can not be one', (datatype, wire) => {
    expect(readValue(datatypeNumber(datatype), wire)).toBeUndefined();
  });

  it('has no value of a datatype that is not known', () => {
    expect(readValue(99, int(1))).toBeUndefined();
    expect(readValue(0, int(1))).toBeUndefined();
  });

  it('is refused when it is something else, cut off, or nested without end', () => {
    const good = encodePayload({ timestampMs: 1, seq: 0, metrics: [metric({ name: 'abc', wire: int(1) })] });
    expect(() => decodePayload(good.subarray(0, good.length - 1))).toThrow(BadInput);
    expect(() => decodePayload(Buffer.from('{"observedAt":"2026-01-01T00:00:00Z"}'))).toThrow(BadInput);
    let nested = metric({ name: 'x' });
    for (let depth = 0; depth < 20; depth++) {
      nested = metric({
        wire: {
          field: 'template',
          value: { isDefinition: false, reference: null, version: null, metrics: [nested] },
        },
      });
    }
    expect(() => decodePayload(encodePayload({ timestampMs: 1, seq: 0, metrics: [nested] }))).toThrow(
      BadInput,
    );
  });

  it('survives any bytes: it decodes or is refused', () => {
    let state = 7;
    const random = () => (state = (state * 1_103_515_245 + 12_345) & 0x7fff_ffff) >> 16;
    const good = encodePayload({
      timestampMs: 1,
      seq: 0,
      metrics: samples.map(([, wire]) => metric({ wire, quality: 192 })),
    });
    let decoded = 0;
    for (let round = 0; round < 3_000; round++) {
      const broken = Uint8Array.from(good);
      for (let flips = 0; flips < 3; flips++) broken[random() % broken.length] = random() & 255;
      try {
        for (const { wire } of decodePayload(broken).metrics) {
          for (let datatype = 0; datatype < 40 && wire; datatype++) readValue(datatype, wire);
        }
        decoded++;
      } catch (error) {
        expect(error).toBeInstanceOf(BadInput);
      }
    }
    expect(decoded).toBeGreaterThan(100);
  });
});
