/** Values flow along the edges, each is released exactly once when its time has come, and failures say where. */
import { describe, expect, it } from 'vitest';
import { BadInput, Broken, Unavailable } from '../domain/failure.ts';
import { checkGraph } from './check-graph.ts';
import type { GraphSpec, NodeKind } from './graph.ts';
import { runGraph, type NodeTrace } from './run-graph.ts';

/** Stands in for a tensor: an object with an identity that must be let go exactly once. */
interface Box {
  readonly content: number;
}

const port = { kind: 'number', shape: [] };
const box = (content: number): Box => ({ content });

function content(inputs: Readonly<Record<string, Box>>, name: string): number {
  const given = inputs[name];
  if (given === undefined) throw new Error(`no ${name}`);
  return given.content;
}

function doubling(
  run: NodeKind<Box>['run'] = (inputs) => ({ out: box(2 * content(inputs, 'in')) }),
): NodeKind<Box> {
  return { name: 'double', inputs: { in: port }, outputs: { out: port }, run };
}

const adding: NodeKind<Box> = {
  name: 'add',
  inputs: { a: port, b: port },
  outputs: { sum: port, unused: port },
  run: async (inputs) => {
    await Promise.resolve();
    return { sum: box(content(inputs, 'a') + content(inputs, 'b')), unused: box(0) };
  },
};

/** x -> first -> second -> sum(first, second); returns the sum and the second. */
const spec: GraphSpec = {
  name: 'arithmetic',
  inputs: { x: port },
  nodes: [
    { id: 'sum', kind: 'add', inputs: { a: 'first.out', b: 'second.out' } },
    { id: 'first', kind: 'double', inputs: { in: 'input.x' } },
    { id: 'second', kind: 'double', inputs: { in: 'first.out' } },
  ],
  outputs: { total: 'sum.sum', second: 'second.out' },
};

/** Runs the graph on x = 5 with a clock that ticks once a call, and records what was released and traced. */
function run(kinds: NodeKind<Box>[], graph = spec) {
  const released: Box[] = [];
  const traces: NodeTrace[] = [];
  const x = box(5);
  let clock = 0;
  const outputs = runGraph(
    checkGraph(graph, kinds),
    { x },
    {
      release: (value) => released.push(value),
      now: () => clock++,
      onNode: (trace) => traces.push(trace),
    },
  );
  return { outputs, released, traces, x };
}

describe('runGraph', () => {
  it('returns the outputs of the graph under their names', async () => {
    const { total, second } = await run([doubling(), adding]).outputs;
    expect(total?.content).toBe(30); // first 10, second 20
    expect(second?.content).toBe(20);
  });

  it('releases what nobody needs any more, and neither inputs nor what it returns', async () => {
    const { outputs, released } = run([doubling(), adding]);
    await outputs;
    expect(released.map((value) => value.content).sort((a, b) => a - b)).toEqual([0, 10]);
  });

  it('leaves one trace record for each node, in the order they ran', async () => {
    const { outputs, traces } = run([doubling(), adding]);
    await outputs;
    expect(traces).toEqual([
      { node: 'first', kind: 'double', milliseconds: 1 },
      { node: 'second', kind: 'double', milliseconds: 1 },
      { node: 'sum', kind: 'add', milliseconds: 1 },
    ]);
  });

  it('releases everything it made when a node fails, and names node and kind with the cause', async () => {
    const cause = new Error('out of memory');
    const failing = { ...adding, run: () => Promise.reject(cause) };
    const { outputs, released, x } = run([doubling(), failing]);
    const failure = await outputs.catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(Broken);
    expect((failure as Broken).message).toBe('Node sum (add) of graph arithmetic failed: out of memory.');
    expect((failure as Broken).cause).toBe(cause);
    expect(released.map((value) => value.content).sort((a, b) => a - b)).toEqual([10, 20]);
    expect(released).not.toContain(x);
  });

  it('passes a failure that a node words itself through unchanged', async () => {
    const failure = new Unavailable('accelerator-busy', 'The accelerator is busy.');
    const { outputs } = run([
      doubling(() => {
        throw failure;
      }),
      adding,
    ]);
    await expect(outputs).rejects.toBe(failure);
  });

  it('takes a node that leaves out a declared output for broken, and still releases what it returned', async () => {
    const { outputs, released } = run([doubling(() => ({ other: box(7) })), adding]);
    await expect(outputs).rejects.toThrow(
      'Node first (double) of graph arithmetic returned other where it declares out.',
    );
    expect(released.map((value) => value.content)).toEqual([7]);
  });

  it('releases a value once however many names it goes by, and never an input handed on', async () => {
    const handOn = doubling((inputs) => ({ out: inputs['in'] ?? box(0) }));
    const { outputs, released, x } = run([handOn, adding]);
    expect((await outputs)['second']).toBe(x);
    expect(released.map((value) => value.content)).toEqual([0]); // only the output of `sum` that nobody reads

    const fresh = doubling((inputs) => ({
      out: content(inputs, 'in') === 5 ? box(6) : (inputs['in'] ?? box(0)),
    }));
    const onlyTotal = run([fresh, adding], { ...spec, outputs: { total: 'sum.sum' } });
    await onlyTotal.outputs;
    expect(onlyTotal.released.map((value) => value.content).sort()).toEqual([0, 6]);
  });

  it('refuses to start without an input of the graph', async () => {
    const graph = checkGraph(spec, [doubling(), adding]);
    const started = runGraph(graph, {}, { release: () => undefined, now: () => 0 });
    await expect(started).rejects.toBeInstanceOf(BadInput);
  });
});
