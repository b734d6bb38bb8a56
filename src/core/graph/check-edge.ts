/** Decides whether what one port gives fits what another port takes. */
import { BadInput } from '../domain/failure.ts';
import type { PortType } from './graph.ts';

/** The number each named extent stands for in this graph, and the edge that said so first. */
export type ExtentBindings = Map<string, { extent: number; edge: string }>;

/**
 * A number fits only itself; a name fits a name, and a number if the same name does not stand for another
 * number elsewhere in the graph. Bindings found here are added to `bindings`.
 */
export function checkEdge(
  graph: string,
  edge: string,
  given: PortType,
  expected: PortType,
  bindings: ExtentBindings,
): void {
  const refuse = (problem: string): never => {
    throw new BadInput('graph-invalid', `${edge}: ${problem}.`, { graph });
  };
  if (given.kind !== expected.kind) refuse(`gives ${given.kind} where ${expected.kind} is expected`);
  if (given.shape.length !== expected.shape.length) {
    refuse(`gives shape ${shapeText(given)} where ${shapeText(expected)} is expected`);
  }
  given.shape.forEach((extent, axis) => {
    const wanted = expected.shape[axis] ?? extent;
    if (typeof extent === 'number' && typeof wanted === 'number') {
      if (extent !== wanted)
        refuse(`gives shape ${shapeText(given)} where ${shapeText(expected)} is expected`);
      return;
    }
    const [name, number] = typeof extent === 'number' ? [wanted, extent] : [extent, wanted];
    if (typeof name !== 'string' || typeof number !== 'number') return;
    const bound = bindings.get(name);
    if (bound !== undefined && bound.extent !== number) {
      refuse(`extent "${name}" is ${number} here and ${bound.extent} at ${bound.edge}`);
    }
    bindings.set(name, bound ?? { extent: number, edge });
  });
  if (expected.space !== undefined && given.space !== expected.space) {
    const from =
      given.space === undefined ? 'without an embedding space' : `in embedding space ${short(given.space)}`;
    refuse(`gives values ${from} where space ${short(expected.space)} is expected`);
  }
}

function shapeText(port: PortType): string {
  return `[${port.shape.join(', ')}]`;
}

/** Enough of a hash for a person to tell two apart. */
function short(hash: string): string {
  return hash.length > 12 ? `${hash.slice(0, 12)}…` : hash;
}
