/** Many edge nodes at once: whom to ask for births and how often, and what is left when the broker is lost. */
import { describe, expect, it } from 'vitest';
import { asMessage, double, EdgeNodeScript, T0 } from '../../../test/support/edge-node-script.ts';
import { EdgeNodes } from './edge-nodes.ts';
import type { NodeEvent } from './node-event.ts';

const LIMITS = { firstPauseMs: 1_000, lastPauseMs: 8_000, mostPerSecond: 3 };
const REORDER_MS = 100;

const asked = (events: readonly NodeEvent[]) =>
  events.flatMap((event) => (event.kind === 'rebirth' ? [event.source.node] : []));
const dataOf = (node: string) => asMessage(new EdgeNodeScript('north', node, 0, false).data(null, []));

describe('requests for births', () => {
  it('go out at once, and again only after a pause that grows', () => {
    const nodes = new EdgeNodes(REORDER_MS, LIMITS);
    const times: number[] = [];
    for (let ms = 0; ms <= 40_000; ms += 100) {
      if (asked(nodes.take(dataOf('T-1'), T0 + ms)).length > 0) times.push(ms);
    }
    expect(times).toEqual([0, 1_000, 3_000, 7_000, 15_000, 23_000, 31_000, 39_000]);
  });

  it('begin with a short pause again after a time in peace', () => {
    const nodes = new EdgeNodes(REORDER_MS, LIMITS);
    for (const ms of [0, 1_000, 3_000]) nodes.take(dataOf('T-1'), T0 + ms);
    const later = T0 + 3_001 + 2 * LIMITS.lastPauseMs;
    expect(asked(nodes.take(dataOf('T-1'), later))).toEqual(['T-1']);
    expect(asked(nodes.take(dataOf('T-1'), later + 1_000))).toEqual(['T-1']);
  });

  it('are spread over seconds when all nodes need one at once', () => {
    const nodes = new EdgeNodes(REORDER_MS, LIMITS);
    const names = Array.from({ length: 8 }, (_, index) => `T-${index}`);
    const first = names.flatMap((name) => asked(nodes.take(dataOf(name), T0)));
    expect(first).toEqual(['T-0', 'T-1', 'T-2']);
    expect(asked(nodes.elapse(T0 + 999))).toEqual([]);
    expect(asked(nodes.elapse(T0 + 1_000))).toEqual(['T-3', 'T-4', 'T-5']);
    expect(asked(nodes.elapse(T0 + 2_000))).toEqual(['T-6', 'T-7']);
    expect(asked(nodes.elapse(T0 + 60_000))).toEqual([]);
  });

  it('are repeated to a node in session that does not answer, and end with its birth', () => {
    const nodes = new EdgeNodes(REORDER_MS, LIMITS);
    const script = new EdgeNodeScript('north', 'T-1');
    nodes.take(asMessage(script.birth()), T0);
    script.skip();
    nodes.take(asMessage(script.data(null, [])), T0);
    expect(asked(nodes.elapse(T0 + REORDER_MS))).toEqual(['T-1']);
    expect(asked(nodes.elapse(T0 + 1_099))).toEqual([]);
    expect(asked(nodes.elapse(T0 + 1_100))).toEqual(['T-1']);
    nodes.take(asMessage(script.birth()), T0 + 1_200);
    expect(asked(nodes.elapse(T0 + 60_000))).toEqual([]);
  });

  it('are not provoked by commands of hosts', () => {
    const nodes = new EdgeNodes(REORDER_MS, LIMITS);
    const command = { topic: 'spBv1.0/north/NCMD/T-1', payload: dataOf('T-1').payload };
    expect(nodes.take(asMessage(command), T0)).toEqual([]);
    expect(nodes.find('north', 'T-1')).toBeUndefined();
  });
});

describe('a lost broker', () => {
  it('makes every node, device and metric stale, and hands out what was held', () => {
    const nodes = new EdgeNodes(REORDER_MS, LIMITS);
    const script = new EdgeNodeScript('north', 'T-1');
    nodes.take(asMessage(script.birth()), T0);
    nodes.take(asMessage(script.deviceBirth('imp', [double('loadAmpere', 1)])), T0);
    script.skip();
    nodes.take(asMessage(script.data('imp', [double('loadAmpere', 2)])), T0);
    const events = nodes.loseServer(T0 + 50);
    expect(events.map(({ kind, source }) => [kind, source.device])).toEqual([
      ['values', 'imp'],
      ['death', 'imp'],
      ['death', null],
    ]);
    const node = nodes.find('north', 'T-1');
    expect(node?.presence).toEqual({ online: false, sinceMs: T0 + 50 });
    expect(node?.metrics.every(({ stale, sinceMs }) => stale && sinceMs === T0 + 50)).toBe(true);
    expect(asked(nodes.elapse(T0 + 10_000))).toEqual([]);
    expect(asked(nodes.take(asMessage(script.data('imp', [])), T0 + 10_000))).toEqual(['T-1']);
  });
});
