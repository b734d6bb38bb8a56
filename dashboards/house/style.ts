/** House style: one set of colours, words and widths, so that a colour means the same on every board. */
import { FieldColorModeId, MappingType } from '@grafana/grafana-foundation-sdk/dashboard';
import type { ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';

/** Okabe and Ito's palette (2008): told apart with every kind of colour blindness, and by their brightness. */
export const COLOUR = {
  blue: '#0072B2',
  sky: '#56B4E9',
  green: '#009E73',
  yellow: '#F0E442',
  orange: '#E69F00',
  vermillion: '#D55E00',
  purple: '#CC79A7',
  grey: '#8C8C8C',
  /** Of what is well where much of it is seen at once: only what is not well should draw the eye. */
  calm: '#3D5A73',
} as const;

/** Worse is darker; a word always stands beside the colour. */
export const SEVERITY = [
  { level: 0, word: 'no event', colour: COLOUR.calm },
  { level: 1, word: 'minor', colour: COLOUR.yellow },
  { level: 2, word: 'major', colour: COLOUR.orange },
  { level: 3, word: 'critical', colour: COLOUR.vermillion },
] as const;

/** Days without a look after which a tower counts as forgotten: two flights a year are the rule. */
export const LOOK_DUE_DAYS = 180;

/** Grid columns of a whole row; on a phone Grafana puts panels one below the other. */
export const FULL = 24;

export const severityMapping: ValueMapping[] = [
  {
    type: MappingType.ValueToText,
    options: Object.fromEntries(
      SEVERITY.flatMap(({ level, word, colour }, index) => [
        [String(level), { text: word, color: colour, index }],
        [word, { text: word, color: colour, index: SEVERITY.length + index }],
      ]),
    ),
  },
];

/** Words of a column, each with its colour. */
export function wordMapping(words: Readonly<Record<string, string>>): ValueMapping[] {
  const options = Object.entries(words).map(([word, color], index) => [word, { text: word, color, index }]);
  return [{ type: MappingType.ValueToText, options: Object.fromEntries(options) as Record<string, object> }];
}

/** An override that paints one series. */
export function paint(colour: string) {
  return { id: 'color', value: { mode: FieldColorModeId.Fixed, fixedColor: colour } };
}
