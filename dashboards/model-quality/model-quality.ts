/** Model quality: which versions serve, and may one believe them? */
import type { Board } from '../house/board.ts';
import { UID } from '../house/links.ts';
import { linesVariable } from '../house/variables.ts';
import { calibration } from './calibration.ts';
import { figures } from './figures.ts';
import { buriedJobs, queues } from './jobs.ts';
import { scoreDistribution } from './scores.ts';
import { verdicts, weatherOfVerdicts } from './verdicts.ts';
import { versions } from './versions.ts';

export const modelQuality: Board = {
  uid: UID.modelQuality,
  title: 'Spanwatch / Model quality',
  question:
    'For the machine-learning engineer: which versions serve, how good are they here, and does the work get done?',
  from: 'now-90d',
  refresh: '5m',
  variables: [linesVariable()],
  panels: [
    ...figures(),
    versions(),
    verdicts(),
    weatherOfVerdicts(),
    calibration(),
    scoreDistribution(),
    queues(),
    buriedJobs(),
  ],
};
