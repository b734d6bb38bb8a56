/** A Sparkplug B payload as it came over the wire: values uninterpreted, because data may lack their datatype. */

export interface Payload {
  /** When it was sent, UTC. */
  readonly timestampMs: number | null;
  /** 0..255, shared by an edge node and its devices; absent in deaths of nodes and in commands. */
  readonly seq: number | null;
  readonly metrics: readonly Metric[];
}

export interface Metric {
  /** Data of nodes that use aliases have no names. */
  readonly name: string | null;
  /** Unique over a node and all its devices. */
  readonly alias: bigint | null;
  /** When the value was captured, UTC. */
  readonly timestampMs: number | null;
  /** Always there in births, seldom in data: see `DATATYPES`. */
  readonly datatype: number | null;
  /** Sent late, out of an edge node's store: no current value. */
  readonly isHistorical: boolean;
  /** Not for a historian. */
  readonly isTransient: boolean;
  readonly isNull: boolean;
  /** Property `Quality`: 0 bad, 192 good, 500 stale. */
  readonly quality: number | null;
  readonly wire: WireValue | null;
}

/** Which field of the protobuf `oneof` holds the value; integers are unsigned on the wire whatever they mean. */
export type WireValue =
  | { readonly field: 'int'; readonly value: number }
  | { readonly field: 'long'; readonly value: bigint }
  | { readonly field: 'float'; readonly value: number }
  | { readonly field: 'double'; readonly value: number }
  | { readonly field: 'boolean'; readonly value: boolean }
  | { readonly field: 'string'; readonly value: string }
  | { readonly field: 'bytes'; readonly value: Uint8Array }
  | { readonly field: 'dataset'; readonly value: DataSet }
  | { readonly field: 'template'; readonly value: Template }
  /** A vendor's own. */
  | { readonly field: 'extension' };

export interface DataSet {
  readonly columns: readonly string[];
  /** Datatype of each column. */
  readonly types: readonly number[];
  readonly rows: readonly (readonly (WireValue | null)[])[];
}

export interface Template {
  readonly isDefinition: boolean;
  /** Name of the definition; null in a definition. */
  readonly reference: string | null;
  readonly version: string | null;
  readonly metrics: readonly Metric[];
}
