/** The order of running and the last use of each value, on small graphs drawn by hand. */
import { describe, expect, it } from 'vitest';
import { checkGraph } from './check-graph.ts';
import type { GraphSpec, NodeKind } from './graph.ts';
import { orderNodes, planGraph } from './plan-graph.ts';

const value = { kind: 'image', shape: [] };
const kinds: NodeKind<unknown>[] = [
  {
    name: 'split',
    inputs: { in: value },
    outputs: { left: value, right: value, rest: value },
    run: () => ({}),
  },
  { name: 'pass', inputs: { in: value }, outputs: { out: value }, run: () => ({}) },
  { name: 'join', inputs: { a: value, b: value }, outputs: { out: value }, run: () => ({}) },
];

/** input -> split -> (left: p, right: q) -> join; the file lists them in another order. */
const diamond: GraphSpec = {
  name: 'diamond',
  inputs: { in: value },
  nodes: [
    { id: 'join', kind: 'join', inputs: { a: 'q.out', b: 'split.left' } },
    { id: 'q', kind: 'pass', inputs: { in: 'split.right' } },
    { id: 'p', kind: 'pass', inputs: { in: 'split.left' } },
    { id: 'split', kind: 'split', inputs: { in: 'input.in' } },
  ],
  outputs: { joined: 'join.out', passed: 'p.out' },
};

describe('planGraph', () => {
  it('runs a node only after those it reads, and keeps the order of the file among ready nodes', () => {
    const order = planGraph(checkGraph(diamond, kinds)).map((step) => step.node.id);
    expect(order).toEqual(['split', 'q', 'join', 'p']);
  });

  it('releases each value after its last reader, an unread one after its maker, inputs and outputs never', () => {
    const releases = planGraph(checkGraph(diamond, kinds)).map((step) => [
      step.node.id,
      [...step.releases].sort(),
    ]);
    expect(releases).toEqual([
      ['split', ['split.rest']],
      ['q', ['split.right']],
      ['join', ['q.out']],
      ['p', ['split.left']],
    ]);
  });
});

describe('orderNodes', () => {
  it('names the nodes behind a cycle as stuck and orders the others', () => {
    const nodes = [
      { id: 'after', inputs: { in: 'b.out' } },
      { id: 'a', inputs: { in: 'b.out' } },
      { id: 'b', inputs: { in: 'a.out' } },
      { id: 'free', inputs: { in: 'input.in' } },
    ] as const;
    const { ordered, stuck } = orderNodes([...nodes]);
    expect(ordered.map((node) => node.id)).toEqual(['free']);
    expect(stuck.map((node) => node.id)).toEqual(['after', 'a', 'b']);
  });
});
