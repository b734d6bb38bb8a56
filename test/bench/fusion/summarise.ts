/** One table of all methods over the seeds, and what ours gains over the best baseline, seed by seed. */
import type { Evaluation } from '../../../src/features/anomalies/evaluation/evaluate-scores.ts';
import type { GridSize } from './grid-data.ts';
import type { Judgement } from './judge-method.ts';
import { meanOverSeeds, type MeanOverSeeds } from './mean-over-seeds.ts';
import { BASELINES } from './methods.ts';
import { ours, WITHOUT_LABELS } from './methods/ours.ts';

/** JSON has no NaN: what could not be told is null there. */
type Figure = (evaluation: Evaluation) => number | null;

interface Column {
  readonly title: string;
  readonly figure: Figure;
  readonly decimals: number;
}

const COLUMNS: readonly Column[] = [
  { title: 'AP', figure: ({ ranking }) => ranking.averagePrecision.value, decimals: 3 },
  { title: 'recall', figure: ({ events }) => events.claimed.recall, decimals: 2 },
  { title: 'delay, days', figure: ({ events }) => events.delayDays.medianOfFound.value, decimals: 1 },
  { title: 'false alarms', figure: ({ falseAlarms }) => falseAlarms.perSensorYear.value, decimals: 2 },
  { title: 'rain : dry', figure: ({ rain }) => rain?.falseAlarms.ratio ?? null, decimals: 1 },
  { title: 'high, rain : dry', figure: ({ rain }) => rain?.highScores.value ?? null, decimals: 2 },
  { title: 'weather R²', figure: ({ weather }) => weather?.r2OfScore.value ?? null, decimals: 3 },
];

export interface Summary {
  readonly table: string;
  readonly figures: unknown;
}

export function summarise(judgements: readonly Judgement[], size: GridSize): Summary {
  const rows = [
    ...[...new Set(judgements.map(({ method }) => method))].map((method) => ({
      name: method,
      evaluations: judgements.filter((one) => one.method === method).map(({ common }) => common),
    })),
    {
      name: `${ours.name}, own alarm`,
      evaluations: judgements.flatMap(({ method, own }) => (method === ours.name && own ? [own] : [])),
    },
  ].filter(({ evaluations }) => evaluations.length > 0);
  const seeds = [...new Set(judgements.map(({ seed }) => seed))];
  const means = rows.map(({ name, evaluations }) => ({
    name,
    figures: COLUMNS.map(({ figure }) => meanOverSeeds(evaluations.map(figure))),
    pooled: pool(evaluations),
  }));
  const gains = gainsOverBaselines(judgements);
  const labels = gainOver(judgements, WITHOUT_LABELS, (own, other) => own / other - 1);
  const swap = compareSwapped(judgements.filter(({ method }) => method === ours.name));
  const header = ['method', ...COLUMNS.map(({ title }) => title), 'found', 'false in years', 'in rain'];
  const lines = means.map(({ name, figures, pooled }) => [
    name,
    ...figures.map((one, at) => show(one, COLUMNS[at]!.decimals)),
    pooled.foundByKind.map(({ kind, found, defects }) => `${kind} ${found} of ${defects}`).join(', '),
    `${pooled.falseAlarms} in ${pooled.sensorYears.toFixed(1)}`,
    `${pooled.wetFalseAlarms}`,
  ]);
  const chance = meanOverSeeds(judgements.map(({ common }) => common.ranking.ofChance));
  const table = [
    `${size.sensors} sensors, ${size.days} days, ${size.recalibrationsPerYear} recalibrations a year, seeds ${seeds.join(', ')}; mean ± half of the 95 % interval over seeds. AP by sensor-days, ${chance.mean.toFixed(3)} by chance.`,
    '',
    `| ${header.join(' | ')} |`,
    `|${header.map((_, at) => (at === 0 ? ' --- ' : ' ---: ')).join('|')}|`,
    ...lines.map((cells) => `| ${cells.join(' | ')} |`),
    '',
    ...gains.map(({ over, gain }) => `AP of ${ours.name} minus ${over}, seed by seed: ${tellGain(gain, 3)}`),
    `Relative gain in AP that labels bring to ${ours.name}, seed by seed: ${tellGain(labels, 2)}`,
    tellSwap(swap),
  ].join('\n');
  return { table, figures: { ...size, seeds, methods: means.map(named), gains, labels, swap } };
}

function named({
  name,
  figures,
  pooled,
}: {
  name: string;
  figures: MeanOverSeeds[];
  pooled: Pooled;
}): unknown {
  return { name, ...Object.fromEntries(COLUMNS.map(({ title }, at) => [title, figures[at]])), pooled };
}

interface Pooled {
  readonly foundByKind: readonly {
    readonly kind: string;
    readonly found: number;
    readonly defects: number;
  }[];
  readonly falseAlarms: number;
  readonly sensorYears: number;
  readonly wetFalseAlarms: number;
}

function pool(evaluations: readonly Evaluation[]): Pooled {
  const sum = (figure: (evaluation: Evaluation) => number): number =>
    evaluations.reduce((before, evaluation) => before + figure(evaluation), 0);
  const groups = evaluations.flatMap(({ events }) => events.byKind);
  const foundByKind = [...new Set(groups.map(({ kind }) => kind))].sort().map((kind) => {
    const ofKind = groups.filter((group) => group.kind === kind);
    return {
      kind,
      found: ofKind.reduce((before, { found }) => before + found, 0),
      defects: ofKind.reduce((before, { defects }) => before + defects, 0),
    };
  });
  return {
    foundByKind,
    falseAlarms: sum(({ falseAlarms }) => falseAlarms.count),
    sensorYears: sum(({ falseAlarms }) => falseAlarms.sensorYears),
    wetFalseAlarms: sum(({ rain }) => rain?.wetFalseAlarms ?? 0),
  };
}

interface SwapComparison {
  readonly defects: number;
  /** Of which found under both weathers or under neither. */
  readonly alike: number;
  /** Average precision under the other weather less that under the first. */
  readonly precision: MeanOverSeeds;
}

/** Null where the simulator could not swap the weather. */
function compareSwapped(judgements: readonly Judgement[]): SwapComparison | null {
  const pairs = judgements.flatMap(({ common, swapped }) => (swapped ? [{ common, swapped }] : []));
  if (pairs.length === 0) return null;
  let [defects, alike] = [0, 0];
  for (const { common, swapped } of pairs) {
    const other = new Map(swapped.events.judged.map((one) => [one.sensorId, one.foundAt !== null]));
    for (const { sensorId, foundAt } of common.events.judged) {
      if (!other.has(sensorId)) continue;
      defects++;
      if (other.get(sensorId) === (foundAt !== null)) alike++;
    }
  }
  const precision = meanOverSeeds(
    pairs.map(({ common, swapped }) => {
      const [before, after] = [common.ranking.averagePrecision.value, swapped.ranking.averagePrecision.value];
      return before === null || after === null ? null : after - before;
    }),
  );
  return { defects, alike, precision };
}

function tellSwap(swap: SwapComparison | null): string {
  if (swap === null)
    return 'Weather swap: skipped, the simulator here gives no other weather to the same defects.';
  const { defects, alike, precision } = swap;
  return `Weather swap: ${alike} of ${defects} defects found under both weathers or under neither; AP changes by ${show(precision, 3)}`;
}

interface Gain {
  readonly over: string;
  readonly gain: MeanOverSeeds;
}

/** Against each baseline, the hardest first: that one is the best baseline. */
function gainsOverBaselines(judgements: readonly Judgement[]): Gain[] {
  return BASELINES.map(({ name }) => ({
    over: name,
    gain: gainOver(judgements, name, (own, other) => own - other),
  }))
    .filter(({ gain }) => gain.seeds > 0)
    .sort((one, other) => one.gain.mean - other.gain.mean);
}

/** What ours gains in average precision over another method on the same seeds. */
function gainOver(
  judgements: readonly Judgement[],
  name: string,
  gain: (own: number, other: number) => number,
): MeanOverSeeds {
  const precision = (method: string): Map<number, number | null> =>
    new Map(
      judgements
        .filter((one) => one.method === method)
        .map(({ seed, common }) => [seed, common.ranking.averagePrecision.value]),
    );
  const others = precision(name);
  return meanOverSeeds(
    [...precision(ours.name)].map(([seed, own]) => {
      const other = others.get(seed) ?? null;
      return own === null || other === null ? null : gain(own, other);
    }),
  );
}

function tellGain({ mean, lower, seeds }: MeanOverSeeds, decimals: number): string {
  if (seeds === 0) return 'not measured';
  const bound =
    seeds === 1 ? 'no bound from one seed' : `at least ${lower.toFixed(decimals)} (95 %, one-sided)`;
  return `${mean.toFixed(decimals)} on ${seeds} seeds, ${bound}`;
}

/** @example 0.716 ± 0.034 */
function show({ mean, half, seeds }: MeanOverSeeds, decimals: number): string {
  if (seeds === 0) return '–';
  return Number.isNaN(half)
    ? mean.toFixed(decimals)
    : `${mean.toFixed(decimals)} ± ${half.toFixed(decimals)}`;
}
