/** The catalogue entry of line inspection. */
import { BadInput } from '../../../core/domain/failure.ts';
import type { Amalgamation } from '../amalgamation.ts';
import { lineInspectionGraph } from './graph.ts';
import { createLineInspection } from './line-inspection.ts';

const BACKBONE = 'coco-backbone';
const DETECTOR = 'defect-detector';

export const lineInspectionAmalgamation: Amalgamation = {
  name: 'line-inspection',
  summary:
    'Takes one photograph of a tower; finds insulators, joints and their defects, each with a calibrated probability.',
  models: [BACKBONE, DETECTOR],
  graph: lineInspectionGraph,
  check(artifacts) {
    const [backbone, detector] = [artifacts[BACKBONE], artifacts[DETECTOR]];
    if (backbone === undefined)
      throw new BadInput('artifact-missing', `Line inspection needs a ${BACKBONE}.`);
    if (detector === undefined)
      throw new BadInput('artifact-missing', `Line inspection needs a ${DETECTOR}.`);
    createLineInspection({ backbone, detector }).dispose();
  },
};
