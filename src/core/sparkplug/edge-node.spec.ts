/** One edge node's session: who is there, what is stale, what an alias stands for, what a gap comes to. */
import { beforeEach, describe, expect, it } from 'vitest';
import {
  asMessage,
  double,
  EdgeNodeScript,
  EMPTY_METRIC,
  metricOf,
  T0,
  type Said,
} from '../../../test/support/edge-node-script.ts';
import { ANSWER_LIMIT_MS, HoldingRoom } from './early-messages.ts';
import { EdgeNode } from './edge-node.ts';
import type { NodeEvent, ValuesEvent } from './node-event.ts';
import type { Metric } from './payload.ts';

const REORDER_MS = 2_000;
const load = (value: number) => double('loadAmpere', value);

let script: EdgeNodeScript;
let node: EdgeNode;

beforeEach(() => {
  script = new EdgeNodeScript('north', 'T-1');
  node = new EdgeNode({ group: 'north', node: 'T-1' }, REORDER_MS);
});

const take = (said: Said, nowMs = T0) => node.take(asMessage(said), nowMs);
const values = (events: readonly NodeEvent[]) =>
  events.filter((event): event is ValuesEvent => event.kind === 'values');
const loads = (events: readonly NodeEvent[]) =>
  values(events).flatMap(({ metrics, inOrder }) => metrics.map(({ value }) => [value, inOrder]));
const staleNames = () => node.metrics.filter(({ stale }) => stale).map(({ name }) => name);

function bear(): void {
  take(script.birth([double('battery', 12)]));
  take(script.deviceBirth('imp', [load(1)]));
  take(script.deviceBirth('sky', [double('airCelsius', 1)]));
}

describe('an edge node that dies', () => {
  beforeEach(() => {
    bear();
    expect(node.presence).toEqual({ online: true, sinceMs: T0 });
    expect(staleNames()).toEqual([]);
  });

  it('tck-id-operational-behavior-edge-node-termination-host-action-ndeath-node-offline: is offline from our time on', () => {
    const events = take(script.death(), T0 + 77);
    expect(node.presence).toEqual({ online: false, sinceMs: T0 + 77 });
    expect(events).toContainEqual({
      kind: 'death',
      source: { group: 'north', node: 'T-1', device: null },
      atMs: T0 + 77,
    });
  });

  it('tck-id-operational-behavior-edge-node-termination-host-action-ndeath-node-tags-stale: has stale metrics from our time on', () => {
    take(script.death(), T0 + 77);
    const own = node.metrics.filter(({ device }) => device === null);
    expect(own.map(({ name }) => name)).toEqual(['bdSeq', 'Node Control/Rebirth', 'battery']);
    expect(own.every(({ stale, sinceMs }) => stale && sinceMs === T0 + 77)).toBe(true);
  });

  it('tck-id-operational-behavior-edge-node-termination-host-action-ndeath-devices-offline: takes its devices along', () => {
    take(script.death(), T0 + 77);
    expect([...node.devices]).toEqual([
      ['imp', { online: false, sinceMs: T0 + 77 }],
      ['sky', { online: false, sinceMs: T0 + 77 }],
    ]);
  });

  it('tck-id-operational-behavior-edge-node-termination-host-action-ndeath-devices-tags-stale: makes their metrics stale', () => {
    take(script.death(), T0 + 77);
    const theirs = node.metrics.filter(({ device }) => device !== null);
    expect(theirs.map(({ name }) => name)).toEqual(['loadAmpere', 'airCelsius']);
    expect(theirs.every(({ stale, sinceMs }) => stale && sinceMs === T0 + 77)).toBe(true);
  });

  it('does not die of a will from the session before, nor twice of its own', () => {
    const old = script.death();
    script.reconnect();
    take(script.birth());
    expect(take(old)).toEqual([]);
    expect(node.presence.online).toBe(true);
    expect(take(script.death()).length).toBe(1);
    expect(take(script.death())).toEqual([]);
  });

  it('keeps its bdSeq when it is born again without a new connection', () => {
    take(script.birth());
    take(script.death());
    expect(node.presence.online).toBe(false);
  });
});

describe('a device that dies', () => {
  beforeEach(bear);

  it('tck-id-operational-behavior-edge-node-termination-host-action-ddeath-devices-offline: is offline from the time in its DDEATH', () => {
    take(script.deviceDeath('imp', T0 + 5), T0 + 77);
    expect([...node.devices]).toEqual([
      ['imp', { online: false, sinceMs: T0 + 5 }],
      ['sky', { online: true, sinceMs: T0 }],
    ]);
    expect(node.presence.online).toBe(true);
  });

  it('tck-id-operational-behavior-edge-node-termination-host-action-ddeath-devices-tags-stale: has stale metrics from that time on', () => {
    take(script.deviceDeath('imp', T0 + 5), T0 + 77);
    expect(node.metrics.filter(({ stale }) => stale)).toEqual([
      { name: 'loadAmpere', device: 'imp', datatype: 10, stale: true, sinceMs: T0 + 5 },
    ]);
  });

  it('is asked for its birth when it sends data nevertheless', () => {
    take(script.deviceDeath('imp'));
    const [event] = values(take(script.data('imp', [load(2)])));
    expect(event).toMatchObject({ metrics: [], unread: [{ name: null, reason: 'Alias 2 is of no birth.' }] });
    expect(node.rebirthWanted).toMatch(/in no birth/);
  });
});

describe('an edge node that is born', () => {
  it('says what its aliases stand for, and of what datatype their values are', () => {
    const minus = metricOf('celsius', 'Int16', { field: 'int', value: 0xffff_fffb });
    take(script.birth([minus]));
    const [event] = values(take(script.data(null, [minus])));
    expect(event).toMatchObject({ metrics: [{ name: 'celsius', value: -5 }], unread: [], inOrder: true });
  });

  it('tells of the birth, and its values as those of data', () => {
    const events = take(script.birth([double('battery', 12)]));
    expect(events.map(({ kind }) => kind)).toEqual(['birth', 'values']);
    expect(events[0]).toMatchObject({ again: false });
    expect(take(script.birth())[0]).toMatchObject({ kind: 'birth', again: true });
    expect(values(events)[0]?.metrics.at(-1)).toMatchObject({ name: 'battery', value: 12 });
  });

  it('has devices that are stale until they are born too', () => {
    bear();
    take(script.birth([double('battery', 12)]), T0 + 9);
    expect(staleNames()).toEqual(['loadAmpere', 'airCelsius']);
    expect(node.devices.get('imp')).toEqual({ online: false, sinceMs: T0 + 9 });
    take(script.deviceBirth('imp', [load(1)]), T0 + 10);
    expect(staleNames()).toEqual(['airCelsius']);
  });

  it('makes nothing of an alias that it gave twice, nor of one that is another device’s', () => {
    bear();
    const twice = { ...load(1), alias: 1n };
    const own = new EdgeNodeScript('north', 'T-1', 0, false);
    take(own.birth([{ ...double('battery', 1), alias: 7n }]));
    take(own.deviceBirth('imp', [twice, { ...double('other', 1), alias: 1n }]));
    const byAlias = (alias: bigint) => ({
      ...load(3),
      name: null as unknown as string,
      datatype: null,
      alias,
    });
    expect(values(take(own.data('imp', [byAlias(1n)])))[0]).toMatchObject({ metrics: [] });
    expect(values(take(own.data('imp', [byAlias(7n)])))[0]).toMatchObject({ metrics: [] });
    expect(node.rebirthWanted).not.toBeNull();
  });
});

describe('a template', () => {
  const instance = (members: readonly Partial<Metric>[], isDefinition = false) =>
    metricOf('Span', 'Template', {
      field: 'template',
      value: {
        isDefinition,
        reference: isDefinition ? null : 'SpanType',
        version: null,
        metrics: members.map((member) => ({ ...EMPTY_METRIC, ...load(0), ...member })),
      },
    });
  const named = (events: readonly NodeEvent[]) =>
    values(events).flatMap(({ metrics }) => metrics.map(({ name, value }) => [name, value]));

  it('is a folder of its members, in data that name neither it nor their datatypes too', () => {
    const ohm = { name: 'ohm', datatype: 1, wire: { field: 'int', value: 255 } } as const;
    const inner = { ...instance([{ name: 'deep' }]), name: 'inner' };
    expect(named(take(script.birth([instance([ohm, inner])]))).slice(3)).toEqual([
      ['Span/ohm', -1],
      ['Span/inner', expect.anything()],
      ['Span/inner/deep', 0],
    ]);
    const data = script.data(null, [instance([{ ...ohm, datatype: null, timestampMs: T0 + 5 }])]);
    expect(named(take(data)).slice(1)).toEqual([['Span/ohm', -1]]);
    expect(node.rebirthWanted).toBeNull();
  });

  it('behind an alias from before the death of its node is not guessed', () => {
    take(script.birth([instance([{ name: 'ohm' }])]));
    take(script.death());
    const [event] = values(take(script.data(null, [instance([{ name: 'ohm' }])])));
    expect(event).toMatchObject({ metrics: [], unread: [{ name: null }] });
  });

  it('that is only defined has no values', () => {
    expect(named(take(script.birth([instance([{ name: 'ohm' }], true)]))).slice(2)).toEqual([
      ['Span', expect.anything()],
    ]);
  });
});

describe('data before a birth', () => {
  it('are kept where they explain themselves, and the node is asked', () => {
    const named = new EdgeNodeScript('north', 'T-1', 0, false);
    const [event] = values(take(named.data('imp', [load(5)])));
    expect(event).toMatchObject({ metrics: [{ name: 'loadAmpere', value: 5 }], inOrder: false });
    expect(node.rebirthWanted).toBe('it sent data before its birth');
  });

  it('are not guessed where an integer could be of either sign', () => {
    const named = new EdgeNodeScript('north', 'T-1', 0, false);
    const raw = { name: 'loadAmpere', wire: { field: 'int', value: 0xffff_ffff } } as const;
    expect(take(named.data('imp', [raw]))).toEqual([]);
    const [event] = values(take(named.death()));
    const reason = "The datatype of 'loadAmpere' is not known without its birth.";
    expect(event?.unread).toEqual([{ name: 'loadAmpere', reason }]);
  });

  it('change nothing of who is there', () => {
    take(script.deviceBirth('imp', [load(1)]));
    expect(node.presence.online).toBe(false);
    expect([...node.devices]).toEqual([]);
  });
});

describe('data behind aliases from before we came', () => {
  const loadsOf = (events: readonly NodeEvent[]) =>
    loads(events).filter(([value]) => typeof value === 'number');
  const unread = (events: readonly NodeEvent[]) => values(events).flatMap((event) => event.unread);

  beforeEach(() => {
    // Births that we did not see.
    script.birth([double('battery', 12)]);
    script.deviceBirth('imp', [load(1)]);
  });

  it('are held until the births that were asked for say what they are', () => {
    expect(take(script.data(null, [double('battery', 11)]))).toEqual([]);
    expect(take(script.data('imp', [load(2)]))).toEqual([]);
    expect(take(script.data('imp', [load(3)]))).toEqual([]);
    expect(node.rebirthWanted).toBe('it sent data before its birth');
    node.noteAsked(T0);
    const born = take(script.birth([double('battery', 10)]), T0 + 1_000);
    expect(loadsOf(born).slice(-2)).toEqual([
      [10, true],
      [11, false],
    ]);
    const deviceBorn = take(script.deviceBirth('imp', [load(4)]), T0 + ANSWER_LIMIT_MS - 1);
    expect(loads(deviceBorn)).toEqual([
      [4, true],
      [2, false],
      [3, false],
    ]);
    expect(node.waiting).toBe(false);
    expect(node.rebirthWanted).toBeNull();
  });

  it('are given up when the node does not answer, which has its time from when it is asked; the next are not held', () => {
    take(script.data('imp', [load(2)]));
    expect(node.elapse(T0 + 10 * ANSWER_LIMIT_MS)).toEqual([]);
    const askedAt = T0 + 10 * ANSWER_LIMIT_MS;
    node.noteAsked(askedAt);
    expect(node.elapse(askedAt + ANSWER_LIMIT_MS - 1)).toEqual([]);
    expect(unread(node.elapse(askedAt + ANSWER_LIMIT_MS)).length).toBe(1);
    expect(unread(take(script.data('imp', [load(3)]), askedAt + ANSWER_LIMIT_MS)).length).toBe(1);
  });

  it('are given up when the node dies: the next session may mean others by them', () => {
    take(script.data('imp', [load(2)]));
    expect(unread(take(script.death())).length).toBe(1);
    expect(unread(take(script.data('imp', [load(3)]))).length).toBe(1);
    expect(node.waiting).toBe(true);
    script.reconnect();
    expect(loadsOf(take(script.birth()))).toEqual([]);
  });

  it('are given up when there is no room for them', () => {
    const room = new HoldingRoom({ messages: 1, bytes: 1_000 });
    node = new EdgeNode({ group: 'north', node: 'T-1' }, REORDER_MS, room);
    expect(take(script.data('imp', [load(2)]))).toEqual([]);
    expect(unread(take(script.data('imp', [load(3)]))).length).toBe(1);
    take(script.birth([double('battery', 10)]));
    expect(loads(take(script.deviceBirth('imp', [load(4)])))).toEqual([
      [4, true],
      [2, false],
    ]);
    node.lose(T0);
    expect(take(script.data('imp', [load(5)]))).toEqual([]);
  });

  it('are held again after the broker was lost', () => {
    bear();
    node.lose(T0 + 1);
    expect(take(script.data('imp', [load(2)]), T0 + 2)).toEqual([]);
    take(script.birth([double('battery', 10)]), T0 + 3);
    expect(loads(take(script.deviceBirth('imp', [load(4)]), T0 + 3))).toEqual([
      [4, true],
      [2, false],
    ]);
  });
});

describe('order', () => {
  beforeEach(() => {
    take(script.birth());
    take(script.deviceBirth('imp', [load(0)]));
  });

  it('tck-id-operational-behavior-host-reordering-start: waits from the first message that is out of order', () => {
    const missing = script.data('imp', [load(1)]);
    expect(take(script.data('imp', [load(2)]), T0 + 100)).toEqual([]);
    expect(take(script.data('imp', [load(3)]), T0 + 1_000)).toEqual([]);
    expect(node.waiting).toBe(true);
    expect(node.elapse(T0 + 100 + REORDER_MS - 1)).toEqual([]);
    expect(loads(take(missing, T0 + 100 + REORDER_MS - 1))).toEqual([
      [1, true],
      [2, true],
      [3, true],
    ]);
  });

  it('tck-id-operational-behavior-host-reordering-rebirth: wants a rebirth when the missing message has not come in time', () => {
    script.skip();
    take(script.data('imp', [load(2)]));
    take(script.data('imp', [load(3)]), T0 + REORDER_MS - 1);
    expect(node.rebirthWanted).toBeNull();
    expect(loads(node.elapse(T0 + REORDER_MS))).toEqual([
      [2, false],
      [3, false],
    ]);
    expect(node.rebirthWanted).toBe('a message of it is missing');
  });

  it('tck-id-operational-behavior-host-reordering-success: goes on as if nothing had been when the missing message comes', () => {
    const missing = script.data('imp', [load(1)]);
    take(script.data('imp', [load(2)]));
    take(missing, T0 + 10);
    expect(node.waiting).toBe(false);
    expect(loads(node.elapse(T0 + 10 * REORDER_MS))).toEqual([]);
    expect(loads(take(script.data('imp', [load(3)])))).toEqual([[3, true]]);
    expect(node.rebirthWanted).toBeNull();
    script.skip();
    take(script.data('imp', [load(5)]), T0 + 50_000);
    expect(node.waiting).toBe(true);
  });

  it('tck-id-operational-behavior-host-reordering-param: may be set to wait not at all', () => {
    node = new EdgeNode({ group: 'north', node: 'T-1' }, 0);
    take(script.birth());
    script.skip();
    expect(loads(take(script.data(null, [load(2)])))).toEqual([[2, false]]);
    expect(node.rebirthWanted).not.toBeNull();
  });

  it('counts node and devices together, and past 255', () => {
    for (let each = 0; each < 600; each++) {
      const device = each % 2 === 0 ? 'imp' : null;
      if (device === null) take(script.data(null, []));
      else expect(loads(take(script.data(device, [load(each)])))).toEqual([[each, true]]);
    }
    expect(node.waiting).toBe(false);
  });

  it('keeps what comes after its time, and says that it is out of order, until the node is born again', () => {
    const missing = script.data('imp', [load(1)]);
    take(script.data('imp', [load(2)]));
    node.elapse(T0 + REORDER_MS);
    expect(loads(take(missing))).toEqual([[1, false]]);
    expect(loads(take(script.data('imp', [load(3)])))).toEqual([[3, false]]);
    take(script.birth([load(0)]));
    expect(node.rebirthWanted).toBeNull();
    expect(loads(take(script.data(null, [load(4)])))).toEqual([[4, true]]);
  });

  it('is not upset by the death of a device that comes after its next birth', () => {
    const death = script.deviceDeath('imp');
    take(script.deviceBirth('imp', [load(1)]));
    node.elapse(T0 + REORDER_MS);
    take(death, T0 + REORDER_MS);
    expect(node.devices.get('imp')?.online).toBe(true);
  });

  it('reads what came before the birth that it follows with the aliases of that birth', () => {
    const early = new EdgeNodeScript('north', 'T-1', 1);
    const birth = early.birth([double('other', 1), load(1)], T0 + 500);
    const data = early.data(null, [load(8)], T0 + 501);
    script.skip();
    const stale = script.data('imp', [load(7)], T0 + 400);
    take({ ...data, payload: { ...data.payload, seq: 9 } });
    take(stale);
    const came = values(take(birth)).map(({ source, metrics }) => [source.device, metrics.at(-1)?.value]);
    expect(came).toEqual([
      ['imp', 7],
      [null, 1],
    ]);
    expect(loads(node.elapse(T0 + 2 * REORDER_MS))).toEqual([[8, false]]);
  });

  it('hands out what it holds when the node dies', () => {
    script.skip();
    take(script.data('imp', [load(2)]));
    expect(loads(take(script.death()))).toEqual([[2, false]]);
    expect(node.waiting).toBe(false);
  });
});
