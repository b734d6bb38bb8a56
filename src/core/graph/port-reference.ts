/** Takes references such as `stem.featureMaps` apart and puts them together. */
import type { PortReference } from './graph.ts';

/** The node part; `input` stands for the graph's own inputs. */
export function nodeOf(reference: PortReference): string {
  return reference.split('.', 1)[0] ?? '';
}

export function portOf(reference: PortReference): string {
  return reference.slice(nodeOf(reference).length + 1);
}

export function referenceTo(node: string, port: string): PortReference {
  return `${node}.${port}`;
}
