/** Line: what does one line go through, and which of its sections stand out? */
import type { Board } from '../house/board.ts';
import { UID } from '../house/links.ts';
import { happenings } from '../house/happenings.ts';
import { lineVariable } from '../house/variables.ts';
import { load } from './load.ts';
import { sectionStrip, sectionTable } from './sections.ts';
import { weather } from './weather.ts';

export const line: Board = {
  uid: UID.line,
  title: 'Spanwatch / Line',
  question:
    'For the reliability engineer: which sections of this line stand out, and is it weather, load or a defect?',
  from: 'now-14d',
  refresh: '1m',
  variables: [lineVariable()],
  annotations: happenings(['line']),
  panels: [sectionStrip(), load(), ...weather(), sectionTable()],
};
