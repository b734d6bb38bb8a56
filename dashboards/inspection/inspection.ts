/** Inspection: did the flights arrive, what did they see, and what waits for a person? */
import type { Board } from '../house/board.ts';
import { UID } from '../house/links.ts';
import { linesVariable } from '../house/variables.ts';
import { coverage } from './coverage.ts';
import { figures } from './figures.ts';
import { findingsByKind, probabilities } from './findings.ts';
import { flights } from './flights.ts';
import { reviewQueue } from './review-queue.ts';
import { unmatched } from './unmatched.ts';

export const inspection: Board = {
  uid: UID.inspection,
  title: 'Spanwatch / Inspection',
  question:
    'For drone crews and reviewers: did the flights arrive, what did they see, what waits for a person?',
  from: 'now-90d',
  refresh: '5m',
  variables: [linesVariable()],
  panels: [
    ...figures(),
    reviewQueue(),
    coverage(),
    findingsByKind(),
    probabilities(),
    flights(),
    unmatched(),
  ],
};
