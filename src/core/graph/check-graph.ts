/** Refuses a graph that cannot work before anything of it runs, naming the edge at fault. */
import { BadInput } from '../domain/failure.ts';
import type { CheckedGraph, CheckedNode } from './checked-graph.ts';
import { checkEdge, type ExtentBindings } from './check-edge.ts';
import type { GraphSpec, NodeKind, NodeSpec, PortReference, Ports, PortType } from './graph.ts';
import { orderNodes } from './plan-graph.ts';
import { nodeOf, portOf } from './port-reference.ts';

export function checkGraph<Value>(spec: GraphSpec, kinds: readonly NodeKind<Value>[]): CheckedGraph<Value> {
  const nodes = findKinds(spec, kinds);
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const bindings: ExtentBindings = new Map();
  for (const node of nodes) {
    for (const [port, from] of Object.entries(node.inputs)) {
      const edge = `${from} -> ${node.id}.${port}`;
      const expected = own(node.kind.inputs, port);
      if (expected === undefined) {
        refuse(
          spec,
          edge,
          `node ${node.id} (${node.kind.name}) has no input ${port}; it has ${list(node.kind.inputs)}`,
        );
      }
      checkEdge(spec.name, edge, producer(spec, byId, from, edge), expected, bindings);
    }
    for (const port of Object.keys(node.kind.inputs)) {
      if (own(node.inputs, port) === undefined)
        refuse(spec, `? -> ${node.id}.${port}`, 'the input is not connected');
    }
  }
  for (const [name, from] of Object.entries(spec.outputs))
    producer(spec, byId, from, `${from} -> output.${name}`);
  refuseCycle(spec);
  refuseUnused(spec);
  return { spec, nodes };
}

function findKinds<Value>(spec: GraphSpec, kinds: readonly NodeKind<Value>[]): CheckedNode<Value>[] {
  const byName = new Map(kinds.map((kind) => [kind.name, kind]));
  const seen = new Set<string>();
  return spec.nodes.map((node) => {
    if (node.id === 'input' || node.id === 'output' || !/^[A-Za-z][A-Za-z0-9_-]*$/.test(node.id)) {
      refuse(
        spec,
        `node "${node.id}"`,
        'an id is letters, digits, "_" and "-", and neither "input" nor "output"',
      );
    }
    if (seen.has(node.id)) refuse(spec, `node ${node.id}`, 'the id is given twice');
    seen.add(node.id);
    const kind = byName.get(node.kind);
    if (kind === undefined) {
      refuse(
        spec,
        `node ${node.id}`,
        `unknown kind ${node.kind}; known are ${[...byName.keys()].join(', ') || 'none'}`,
      );
    }
    return { id: node.id, kind, inputs: node.inputs };
  });
}

/** The type of what a reference leads to. */
function producer(
  spec: GraphSpec,
  nodes: ReadonlyMap<string, CheckedNode<unknown>>,
  from: PortReference,
  edge: string,
): PortType {
  const id = nodeOf(from);
  const ports = id === 'input' ? spec.inputs : nodes.get(id)?.kind.outputs;
  if (ports === undefined) refuse(spec, edge, `there is no node "${id}"; nodes are ${nodeIds(spec.nodes)}`);
  const port = own(ports, portOf(from));
  if (port === undefined) {
    const owner = id === 'input' ? 'the graph has no input' : `node ${id} has no output`;
    refuse(spec, edge, `${owner} ${portOf(from)}; there is ${list(ports)}`);
  }
  return port;
}

function refuseCycle(spec: GraphSpec): void {
  const { stuck } = orderNodes(spec.nodes);
  if (stuck.length === 0) return;
  // Each stuck node waits for another stuck one, so walking upstream must come back to a node seen before.
  const upstream = new Map(
    stuck.map((node) => [
      node.id,
      Object.values(node.inputs)
        .map(nodeOf)
        .find((id) => stuck.some((other) => other.id === id)),
    ]),
  );
  const path: string[] = [];
  let id = stuck[0]?.id;
  while (id !== undefined && !path.includes(id)) {
    path.push(id);
    id = upstream.get(id);
  }
  const cycle = path.slice(path.indexOf(id ?? '')).reverse();
  refuse(spec, `nodes ${[...cycle, cycle[0]].join(' -> ')}`, 'they wait for one another in a circle');
}

function refuseUnused(spec: GraphSpec): void {
  const read = [...spec.nodes.flatMap((node) => Object.values(node.inputs)), ...Object.values(spec.outputs)];
  const used = new Set(read.map(nodeOf));
  const unused = spec.nodes.find((node) => !used.has(node.id));
  if (unused !== undefined) refuse(spec, `node ${unused.id}`, 'nothing uses any of its outputs');
}

/** A field of the record itself, so that a port called `constructor` is not found where none was declared. */
function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function list(ports: Ports): string {
  return Object.keys(ports).join(', ') || 'none';
}

function nodeIds(nodes: readonly NodeSpec[]): string {
  return nodes.map((node) => node.id).join(', ');
}

function refuse(spec: GraphSpec, where: string, problem: string): never {
  throw new BadInput('graph-invalid', `${where}: ${problem}.`, { graph: spec.name });
}
