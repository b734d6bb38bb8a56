/** A graph whose every edge has been found to fit: the only form that can be planned and run. */
import type { GraphSpec, NodeKind, PortReference } from './graph.ts';

export interface CheckedNode<Value> {
  readonly id: string;
  readonly kind: NodeKind<Value>;
  readonly inputs: Readonly<Record<string, PortReference>>;
}

/** What `checkGraph` returns, and nothing else should make: every reference in it leads somewhere. */
export interface CheckedGraph<Value> {
  readonly spec: GraphSpec;
  /** In the order of the file. */
  readonly nodes: readonly CheckedNode<Value>[];
}
