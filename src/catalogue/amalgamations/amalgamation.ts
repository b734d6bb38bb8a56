/**
 * What every amalgamation is: a typed graph of model parts joined at their exits, kept as data.
 *
 * Its folder holds the graph, the node kinds that expose parts of catalogue models, and a small public face
 * that loads artefacts and runs the graph.
 */
import type { ModelArtifact } from '../../core/domain/model-artifact.ts';
import type { GraphSpec } from '../../core/graph/graph.ts';

export interface Amalgamation {
  /** Folder name under `catalogue/amalgamations`, and the name of the graph. */
  readonly name: string;
  /** One sentence for a person who chooses: what goes in, what comes out. */
  readonly summary: string;
  /** Catalogue models whose parts the graph joins. */
  readonly models: readonly string[];
  readonly graph: GraphSpec;
  /**
   * Throws BadInput that names the edge where the parts of these artefacts do not fit together. Runs no
   * network; needs a compute backend.
   *
   * @param artifacts by model name, one for each of `models`
   */
  check(artifacts: Readonly<Record<string, ModelArtifact>>): void;
}
