/**
 * An amalgamation as data: nodes that expose parts of models, joined at typed ports.
 *
 * The graph names what it needs; what a node does is a `NodeKind` from the catalogue. Nothing runs before
 * `checkGraph` has accepted every edge.
 */

/** A fixed extent, or a name for an extent known only at run time: `batch`, `objects`, `height`. */
export type Extent = number | string;

export interface PortType {
  /** What the value is: `image`, `featureMaps`, `embedding`, `logits`, `probabilities`, `boxes`, `detections`. */
  readonly kind: string;
  /** Outermost first; images and feature maps are [batch, height, width, channels]. */
  readonly shape: readonly Extent[];
  /** Embedding space (a hash) in which values are comparable; a consumer that states one accepts no other. */
  readonly space?: string;
}

export type Ports = Readonly<Record<string, PortType>>;

/** Reference to one output of a node, `stem.featureMaps`, or to a graph input, `input.image`. */
export type PortReference = `${string}.${string}`;

export interface NodeSpec {
  readonly id: string;
  /** Name of the `NodeKind`. */
  readonly kind: string;
  readonly inputs: Readonly<Record<string, PortReference>>;
}

export interface GraphSpec {
  readonly name: string;
  readonly inputs: Ports;
  readonly nodes: readonly NodeSpec[];
  readonly outputs: Readonly<Record<string, PortReference>>;
}

/**
 * What a node does. `run` must not keep or dispose its inputs, and owns nothing after it returns: the
 * engine releases every value after its last use.
 */
export interface NodeKind<Value> {
  readonly name: string;
  readonly inputs: Ports;
  readonly outputs: Ports;
  run(
    inputs: Readonly<Record<string, Value>>,
  ): Promise<Readonly<Record<string, Value>>> | Readonly<Record<string, Value>>;
}
