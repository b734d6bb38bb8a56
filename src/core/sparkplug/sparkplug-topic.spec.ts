/** Sparkplug topics are taken apart, and refused where a part is missing, too many or of another kind. */
import { describe, expect, it } from 'vitest';
import { BadInput } from '../domain/failure.ts';
import {
  describeSource,
  isSparkplugId,
  nodeCommandTopic,
  parseSparkplugTopic,
  stateTopic,
} from './sparkplug-topic.ts';

describe('a Sparkplug topic', () => {
  it('tck-id-topic-structure: has a group, a verb, an edge node, and a device where the verb is a device’s', () => {
    expect(parseSparkplugTopic('spBv1.0/north line/NDATA/T 7')).toEqual({
      verb: 'NDATA',
      group: 'north line',
      node: 'T 7',
      device: null,
    });
    expect(parseSparkplugTopic('spBv1.0/north/DBIRTH/T-7/imp.7')).toMatchObject({
      verb: 'DBIRTH',
      device: 'imp.7',
    });
  });

  it('may be a host’s state', () => {
    expect(parseSparkplugTopic(stateTopic('spanwatch'))).toEqual({ verb: 'STATE', hostId: 'spanwatch' });
  });

  it.each([
    'spAv1.0/g/NDATA/n',
    'spBv1.0/g/NDATA',
    'spBv1.0/g/NDATA/n/d',
    'spBv1.0/g/DDATA/n',
    'spBv1.0/g/DDATA/n/d/e',
    'spBv1.0/g/DDATA/n/',
    'spBv1.0/g/XDATA/n',
    'spBv1.0//NDATA/n',
    'spBv1.0/STATE/a/b',
    'spBv1.0',
  ])('is not %s', (topic) => {
    expect(() => parseSparkplugTopic(topic)).toThrow(BadInput);
  });

  it('tck-id-topics-ncmd-topic: of a command to an edge node has no device', () => {
    expect(nodeCommandTopic({ group: 'north', node: 'T-7' })).toBe('spBv1.0/north/NCMD/T-7');
  });

  it('has no id with a character that MQTT keeps for itself', () => {
    expect(['a', 'a b', 'Ω'].every(isSparkplugId)).toBe(true);
    expect(['', 'a/b', '+', 'a#'].some(isSparkplugId)).toBe(false);
    expect(describeSource({ group: 'a', node: 'b', device: 'c' })).toBe('a/b/c');
  });
});
