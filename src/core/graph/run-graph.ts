/** Runs a checked graph step by step and releases every value as soon as nothing needs it any more. */
import { BadInput, Broken, Failure } from '../domain/failure.ts';
import type { CheckedGraph, CheckedNode } from './checked-graph.ts';
import type { PortReference } from './graph.ts';
import { planGraph } from './plan-graph.ts';
import { referenceTo } from './port-reference.ts';

export interface NodeTrace {
  readonly node: string;
  readonly kind: string;
  readonly milliseconds: number;
}

export interface RunOptions<Value> {
  /** Called once for each value that a node made and that is not returned. */
  release(value: Value): void;
  /** A clock in milliseconds; only differences are used. */
  now(): number;
  /** Told of each node that has finished. */
  onNode?(trace: NodeTrace): void;
}

type Values<Value> = Readonly<Record<string, Value>>;

/**
 * Returns the graph's outputs, which then belong to the caller, as the inputs always did. A value that a
 * node hands on unchanged is one value: it is released when its last reference goes, and never if it came
 * in as an input.
 */
export async function runGraph<Value>(
  graph: CheckedGraph<Value>,
  inputs: Values<Value>,
  options: RunOptions<Value>,
): Promise<Record<string, Value>> {
  const live = new Map<PortReference, Value>(
    Object.keys(graph.spec.inputs).map((name) => [
      referenceTo('input', name),
      givenInput(graph, inputs, name),
    ]),
  );
  const foreign = new Set(live.values());
  try {
    for (const { node, releases } of planGraph(graph)) {
      await runNode(graph, node, live, options);
      for (const reference of releases) release(live, reference, options);
    }
  } catch (failure) {
    for (const value of new Set(live.values())) if (!foreign.has(value)) options.release(value);
    throw failure;
  }
  return Object.fromEntries(
    Object.entries(graph.spec.outputs).map(([name, from]) => [name, stored(live, from)]),
  );
}

async function runNode<Value>(
  graph: CheckedGraph<Value>,
  node: CheckedNode<Value>,
  live: Map<PortReference, Value>,
  options: RunOptions<Value>,
): Promise<void> {
  const start = options.now();
  let outputs: Values<Value>;
  try {
    outputs = await node.kind.run(
      Object.fromEntries(Object.entries(node.inputs).map(([port, from]) => [port, stored(live, from)])),
    );
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw broken(graph, node, `failed: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
  // All are kept before any is judged, so that a node with a wrong port still has its values released.
  for (const [port, value] of Object.entries(outputs)) live.set(referenceTo(node.id, port), value);
  const declared = Object.keys(node.kind.outputs).sort();
  const made = Object.keys(outputs).sort();
  if (declared.join() !== made.join()) {
    throw broken(
      graph,
      node,
      `returned ${made.join(', ') || 'nothing'} where it declares ${declared.join(', ')}`,
    );
  }
  options.onNode?.({ node: node.id, kind: node.kind.name, milliseconds: options.now() - start });
}

function release<Value>(
  live: Map<PortReference, Value>,
  reference: PortReference,
  options: RunOptions<Value>,
): void {
  const value = stored(live, reference);
  live.delete(reference);
  if (![...live.values()].includes(value)) options.release(value);
}

function givenInput<Value>(graph: CheckedGraph<Value>, inputs: Values<Value>, name: string): Value {
  const value = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
  if (value === undefined) {
    throw new BadInput('graph-input-missing', `Graph ${graph.spec.name} needs the input ${name}.`, {
      given: Object.keys(inputs),
    });
  }
  return value;
}

function stored<Value>(live: ReadonlyMap<PortReference, Value>, reference: PortReference): Value {
  const value = live.get(reference);
  if (value === undefined)
    throw new Broken('graph-value-gone', `The value ${reference} is needed and is not there.`);
  return value;
}

function broken<Value>(
  graph: CheckedGraph<Value>,
  node: CheckedNode<Value>,
  problem: string,
  cause?: unknown,
): Broken {
  const { id, kind } = node;
  return new Broken(
    'graph-node-failed',
    `Node ${id} (${kind.name}) of graph ${graph.spec.name} ${problem}.`,
    { graph: graph.spec.name, node: id, kind: kind.name },
    { cause },
  );
}
