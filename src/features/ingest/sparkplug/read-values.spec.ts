/** Metrics become readings or rejections with reasons, whatever an edge node sends. */
import { describe, expect, it } from 'vitest';
import { double, EdgeNodeScript, metricOf, T0 } from '../../../../test/support/edge-node-script.ts';
import { BadInput } from '../../../core/domain/failure.ts';
import { EdgeNodes } from '../../../core/sparkplug/edge-nodes.ts';
import type { ReadMetric, ValuesEvent } from '../../../core/sparkplug/node-event.ts';
import { REBIRTH_LIMITS } from '../../../core/sparkplug/rebirth-throttle.ts';
import { parseSparkplugTopic } from '../../../core/sparkplug/sparkplug-topic.ts';
import { decodePayload } from '../../../platform/sparkplug/decode-payload.ts';
import { encodePayload } from '../../../platform/sparkplug/encode-payload.ts';
import { mapByRules } from './map-by-rules.ts';
import { readValues } from './read-values.ts';
import { mapByName } from './sensor-mapping.ts';

function valuesOf(metrics: readonly Partial<ReadMetric>[], device: string | null = 'imp'): ValuesEvent {
  const metric: ReadMetric = {
    name: 'loadAmpere',
    timestampMs: T0,
    value: 1,
    isHistorical: false,
    isTransient: false,
    quality: null,
  };
  return {
    kind: 'values',
    source: { group: 'north', node: 'T-1', device },
    metrics: metrics.map((changed) => ({ ...metric, ...changed })),
    unread: [],
    inOrder: true,
    sent: { topic: 't', payload: Uint8Array.of(1), receivedAt: new Date(T0 + 1_000) },
  };
}

describe('values of Sparkplug', () => {
  it('are one reading for each instant', () => {
    const [read, ...others] = readValues(
      valuesOf([{}, { name: 'resistanceOhm', value: 2 }, { timestampMs: T0 + 1, value: true }]),
      mapByName,
    );
    expect(others).toEqual([]);
    expect(read?.readings.map(({ observedAt, values }) => [observedAt.getTime() - T0, values])).toEqual([
      [0, { resistanceOhm: 2, reactanceOhm: null, leakageMilliampere: null, loadAmpere: 1 }],
      [1, { resistanceOhm: null, reactanceOhm: null, leakageMilliampere: null, loadAmpere: 1 }],
    ]);
  });

  it('are of the edge node itself where no device sent them', () => {
    expect(readValues(valuesOf([{}], null), mapByName)[0]?.sender?.place).toEqual({
      lineId: 'north',
      towerId: 'T-1',
      sensorId: 'T-1',
      kind: 'impedance',
    });
  });

  it('that no sensor wants make nothing', () => {
    expect(readValues(valuesOf([{ name: 'bdSeq' }, { name: 'Node Control/Rebirth' }]), mapByName)).toEqual(
      [],
    );
    expect(readValues(valuesOf([{ value: null }]), mapByName)).toEqual([]);
  });

  it.each([
    [{ value: NaN }, /^Sensor imp: loadAmpere is NaN, but must be a number/],
    [{ value: 'high' }, /^Sensor imp: loadAmpere is "high", but must be a number/],
    [{ value: Uint8Array.of(1) }, /^Sensor imp: loadAmpere is "not a number"/],
    [{ timestampMs: null }, /^Sensor imp: observedAt is "absent"/],
    [{ timestampMs: 1e300 }, /^Sensor imp: observedAt is "1e\+300"/],
    [{ timestampMs: T0 + 3_600_000 }, /^Sensor imp: observedAt is .* at most 5 minutes after/],
    [{ timestampMs: 0 }, /must not be before 2000/],
  ])('that can not be stored are rejected with a reason: %j', (changed, reason) => {
    const [read] = readValues(valuesOf([changed]), mapByName);
    expect(read?.readings).toEqual([]);
    expect(read?.rejections.map((each) => each.reason)).toEqual([expect.stringMatching(reason)]);
  });

  it('that could not be read are rejected where a sensor may want them, together with the others', () => {
    const reason = 'Alias 7 is of no birth.';
    const unread = [
      { name: null, reason },
      { name: 'irrelevant', reason: 'Irrelevant.' },
    ];
    const [read, ...others] = readValues({ ...valuesOf([{}]), unread }, mapByName);
    expect(others).toEqual([]);
    expect(read?.readings.length).toBe(1);
    expect(read?.rejections).toEqual([{ code: 'sparkplug-unread', reason }]);
  });

  it('never throw, whatever bytes come', () => {
    const script = new EdgeNodeScript('north', 'T-1');
    const metrics = [double('loadAmpere', 1), metricOf('airCelsius', 'Int16', { field: 'int', value: 5 })];
    const said = [
      script.birth(metrics),
      script.deviceBirth('imp', metrics),
      script.data('imp', metrics),
      script.data(null, metrics),
      script.deviceDeath('imp'),
      script.death(),
    ].map(({ topic, payload }) => ({ topic, bytes: encodePayload(payload) }));
    const rule = { group: '*', node: '*', line: 'L', tower: 'T', kind: 'impedance' };
    const mappings = [mapByName, mapByRules([rule, { ...rule, device: '*' }])];
    const nodes = new EdgeNodes(50, REBIRTH_LIMITS);
    let state = 11;
    const random = () => (state = (state * 1_103_515_245 + 12_345) & 0x7fff_ffff) >> 16;
    let made = 0;
    for (let round = 0; round < 5_000; round++) {
      const { topic, bytes } = said[random() % said.length]!;
      const payload = Uint8Array.from(bytes);
      for (let flips = random() % 4; flips > 0; flips--) payload[random() % payload.length] = random() & 255;
      const parsed = parseSparkplugTopic(topic);
      if (parsed.verb === 'STATE') continue;
      try {
        const sent = { topic, payload, receivedAt: new Date(T0) };
        const message = { topic: parsed, payload: decodePayload(payload), sent };
        for (const event of [...nodes.take(message, T0 + round), ...nodes.elapse(T0 + round)]) {
          if (event.kind !== 'values') continue;
          for (const mapping of mappings) made += readValues(event, mapping).length;
        }
      } catch (error) {
        expect(error).toBeInstanceOf(BadInput);
      }
    }
    expect(made).toBeGreaterThan(500);
  });
});
