/** Tower and sensor: why this event, what would be normal, and what did the drone see? */
import type { Board } from '../house/board.ts';
import { happenings } from '../house/happenings.ts';
import { UID } from '../house/links.ts';
import { lineVariable, sensorVariable, towerVariable } from '../house/variables.ts';
import { circumstances } from './circumstances.ts';
import { eventsOfTower } from './events.ts';
import { labelHistory } from './labels.ts';
import { measuredAgainstExpected } from './measured.ts';
import { photographs } from './photographs.ts';
import { deviations, scores } from './scores.ts';

export const tower: Board = {
  uid: UID.tower,
  title: 'Spanwatch / Tower and sensor',
  question:
    'For the reliability engineer: why this event, what would be normal today, and what did the last drone see?',
  from: 'now-30d',
  refresh: '1m',
  variables: [lineVariable(), towerVariable(), sensorVariable()],
  annotations: happenings(['line', 'tower']),
  panels: [
    eventsOfTower(),
    ...measuredAgainstExpected(),
    deviations(),
    scores(),
    ...circumstances(),
    labelHistory(),
    photographs(),
  ],
};
