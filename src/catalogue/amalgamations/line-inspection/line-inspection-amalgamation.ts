/** The catalogue entry of line inspection. */
import { BadInput } from '../../../core/domain/failure.ts';
import type { Amalgamation } from '../amalgamation.ts';
import { lineInspectionGraph } from './graph.ts';
import { createLineInspection } from './line-inspection.ts';

const MODEL = 'defect-detector';

export const lineInspectionAmalgamation: Amalgamation = {
  name: 'line-inspection',
  summary:
    'Takes one photograph of a tower; finds insulators and joints and says, with a probability, which are defective.',
  models: [MODEL],
  graph: lineInspectionGraph,
  check(artifacts) {
    const artifact = artifacts[MODEL];
    if (artifact === undefined) throw new BadInput('artifact-missing', `Line inspection needs a ${MODEL}.`);
    createLineInspection(artifact).dispose();
  },
};
