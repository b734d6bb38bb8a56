/**
 * What every model in the catalogue is: a folder of stem, learner and task with its own loader, described by
 * one plain value that the registry, the lineage view and the contract test read.
 *
 * The folder holds `README.md` (model card), `defaults.ts`, and `weights/` where the project ships any.
 * How a model trains and what it predicts is its own affair: callers import that from the folder.
 */
import type { ModelArtifact } from '../../core/domain/model-artifact.ts';

/** Named taps, the only places where an amalgamation may join a model. */
export type ExitName = 'featureMaps' | 'embedding' | 'logits' | 'probabilities';

/** Stem: coarse features. Learner: representation, ends in the latent space. Task: the head for a job. */
export type PartName = 'stem' | 'learner' | 'task';

export interface Model {
  /** Folder name under `catalogue/models` and `model` of its manifests. */
  readonly name: string;
  /** One sentence for a person who chooses: what goes in, what comes out. */
  readonly summary: string;
  /** Which taps each part offers; every model has at least one. */
  readonly exits: Readonly<Record<PartName, readonly ExitName[]>>;
  /** Every number that shapes architecture, training or decision; unit and meaning stand in `defaults.ts`. */
  readonly defaults: Readonly<Record<string, unknown>>;
  /**
   * Throws BadInput that names what does not fit: another model, missing or misshapen weights, parameters
   * out of range. The caller has already checked the hash of the weights. Runs no network.
   */
  validate(artifact: ModelArtifact): void;
}
