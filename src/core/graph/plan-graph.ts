/** In which order the nodes of a graph run, and after which of them each value is no longer needed. */
import type { CheckedGraph, CheckedNode } from './checked-graph.ts';
import type { NodeSpec, PortReference } from './graph.ts';
import { nodeOf, referenceTo } from './port-reference.ts';

export interface Step<Value> {
  readonly node: CheckedNode<Value>;
  /** Values whose last reader is this step, and outputs of this node that nobody reads. */
  readonly releases: readonly PortReference[];
}

/** Topological order; among nodes that are ready, the order of the file. `stuck` are those behind a cycle. */
export function orderNodes<Node extends Pick<NodeSpec, 'id' | 'inputs'>>(
  nodes: readonly Node[],
): { ordered: Node[]; stuck: Node[] } {
  const ordered: Node[] = [];
  let waiting = [...nodes];
  for (;;) {
    const unfinished = new Set(waiting.map((node) => node.id));
    const next = waiting.find(
      (node) => !Object.values(node.inputs).some((from) => unfinished.has(nodeOf(from))),
    );
    if (next === undefined) return { ordered, stuck: waiting };
    ordered.push(next);
    waiting = waiting.filter((node) => node !== next);
  }
}

/** Graph inputs belong to the caller and graph outputs go to the caller: neither is ever released. */
export function planGraph<Value>(graph: CheckedGraph<Value>): Step<Value>[] {
  const { ordered } = orderNodes(graph.nodes);
  const lastReader = new Map<PortReference, string>();
  for (const node of ordered) {
    for (const output of Object.keys(node.kind.outputs))
      lastReader.set(referenceTo(node.id, output), node.id);
    for (const from of Object.values(node.inputs))
      if (nodeOf(from) !== 'input') lastReader.set(from, node.id);
  }
  for (const from of Object.values(graph.spec.outputs)) lastReader.delete(from);
  return ordered.map((node) => ({
    node,
    releases: [...lastReader].filter(([, reader]) => reader === node.id).map(([reference]) => reference),
  }));
}
