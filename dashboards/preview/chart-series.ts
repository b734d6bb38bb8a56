/** A panel of numbers over time, as options of ECharts. */
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { QueryResult } from '../checks/check-result.ts';
import { COLOUR } from '../house/style.ts';
import { fieldLook, type FieldLook } from './field-look.ts';
import { scaleOf, type UnitScale } from './show-value.ts';

export interface Mark {
  readonly at: number;
  readonly text: string;
  readonly colour: string;
}

interface Curve {
  readonly name: string;
  readonly look: FieldLook;
  readonly points: (readonly [ms: number, value: number | null])[];
}

const PALETTE = Object.values(COLOUR);

export function seriesOptions(
  panel: Panel,
  results: readonly QueryResult[],
  range: { readonly from: Date; readonly to: Date },
  marks: readonly Mark[],
): Record<string, unknown> {
  const curves = results.flatMap((result) => curvesOf(panel, result));
  const custom = (panel.fieldConfig?.defaults.custom ?? {}) as {
    scaleDistribution?: { type?: string };
    thresholdsStyle?: { mode?: string };
    drawStyle?: string;
    stacking?: { mode?: string };
  };
  const axes = axesOf(panel, curves);
  const isBar = custom.drawStyle === 'bars';
  return {
    useUTC: true,
    animation: false,
    grid: { left: 8, right: 8, top: 16, bottom: 34, containLabel: true },
    legend: {
      bottom: 0,
      type: 'scroll',
      itemHeight: 8,
      textStyle: { color: '#ccccdc' },
      data: curves.filter(({ look }) => !isHiddenFromLegend(look)).map(({ name }) => name),
    },
    tooltip: { trigger: 'axis', confine: true },
    xAxis: {
      type: 'time',
      min: range.from.getTime(),
      max: range.to.getTime(),
      axisLabel: { hideOverlap: true },
      axisLine: { onZero: false },
    },
    yAxis: axes.map(({ scale, place }, index) => ({
      type: custom.scaleDistribution?.type === 'log' ? 'log' : 'value',
      scale: !isBar && panel.fieldConfig?.defaults.min === undefined,
      min: index === 0 ? scaled(panel.fieldConfig?.defaults.min, scale) : undefined,
      max: index === 0 ? scaled(panel.fieldConfig?.defaults.max, scale) : undefined,
      show: place !== 'hidden',
      position: place === 'right' ? 'right' : 'left',
      axisLabel: { formatter: `{value}${scale.suffix}` },
      splitLine: { show: index === 0, lineStyle: { color: '#2c3235' } },
    })),
    series: curves.flatMap((curve, index) =>
      drawn(curve, {
        curves,
        axis: axes.findIndex(({ unit }) => unit === curve.look.unit),
        scale: axes.find(({ unit }) => unit === curve.look.unit)?.scale ?? { factor: 1, suffix: '' },
        isBar,
        isStacked: custom.stacking?.mode === 'normal',
        colour: curve.look.colour ?? PALETTE[index % PALETTE.length] ?? COLOUR.blue,
        isLogarithmic: custom.scaleDistribution?.type === 'log',
        lines:
          index === 0
            ? [
                ...marks.map(upright),
                ...(custom.thresholdsStyle?.mode === 'dashed' ? steps(panel, axes[0]?.scale) : []),
              ]
            : [],
      }),
    ),
  };
}

/** Wide results have a series a column; with a column of words, a series a word. */
function curvesOf(panel: Panel, { columns, rows }: QueryResult): Curve[] {
  const numbers = columns
    .filter(({ name, type }) => type === 'number' && name !== 'time')
    .map(({ name }) => name);
  const word = columns.find(({ type }) => type === 'text')?.name;
  const curves = new Map<string, Curve>();
  for (const row of rows) {
    for (const column of numbers) {
      const name = word === undefined ? column : String(row[word]);
      const curve = curves.get(name) ?? { name, look: fieldLook(panel, name), points: [] };
      curves.set(name, curve);
      curve.points.push([toMs(row.time), row[column] === null ? null : Number(row[column])]);
    }
  }
  return [...curves.values()];
}

/** Grouped without TimescaleDB, time is seconds. */
export function toMs(time: unknown): number {
  return time instanceof Date ? time.getTime() : Number(time) * 1000;
}

function axesOf(panel: Panel, curves: readonly Curve[]) {
  const units = [
    ...new Set([panel.fieldConfig?.defaults.unit ?? 'none', ...curves.map(({ look }) => look.unit)]),
  ];
  return units.map((unit) => {
    const ofUnit = curves.filter(({ look }) => look.unit === unit);
    const largest = Math.max(
      0,
      ...ofUnit.flatMap(({ points }) => points.map(([, value]) => Math.abs(value ?? 0))),
    );
    const place = ofUnit.map(({ look }) => look.property('custom.axisPlacement')).find(Boolean) ?? 'left';
    return { unit, scale: scaleOf(unit, largest), place };
  });
}

interface Drawing {
  readonly curves: readonly Curve[];
  readonly axis: number;
  readonly scale: UnitScale;
  readonly isBar: boolean;
  readonly isStacked: boolean;
  readonly colour: string;
  readonly isLogarithmic: boolean;
  readonly lines: readonly object[];
}

function drawn(
  curve: Curve,
  { curves, axis, scale, isBar, isStacked, isLogarithmic, colour, lines }: Drawing,
): object[] {
  const data = curve.points.map(([ms, value]) => [ms, scaled(value ?? undefined, scale) ?? null]);
  const below = curve.look.property('custom.fillBelowTo');
  const base = below === undefined ? undefined : curves.find(({ name }) => name === below);
  // Curves do not add up on a logarithmic axis: there the band is its two edges.
  if (base && !isLogarithmic) return band(curve, base, axis, scale, colour);
  if (!isLogarithmic && curves.some(({ look }) => look.property('custom.fillBelowTo') === curve.name))
    return [];
  const opacity = Number(curve.look.property('custom.fillOpacity') ?? 0) / 100;
  return [
    {
      name: curve.name,
      type: isBar ? 'bar' : 'line',
      yAxisIndex: Math.max(0, axis),
      stack: isStacked ? 'all' : undefined,
      showSymbol: curve.points.length === 1,
      color: colour,
      lineStyle: { width: Math.max(0.7, Number(curve.look.property('custom.lineWidth') ?? 1.5)) },
      areaStyle: opacity > 0 && !isLogarithmic ? { opacity } : undefined,
      barMaxWidth: 26,
      data,
      markLine:
        lines.length === 0
          ? undefined
          : { symbol: 'none', silent: true, label: { show: false }, data: lines },
      z: curve.name === 'measured' ? 5 : 2,
    },
  ];
}

/** ECharts fills between two curves when the upper one stands on the lower as their difference. */
function band(upper: Curve, lower: Curve, axis: number, scale: UnitScale, colour: string): object[] {
  const shared = {
    type: 'line',
    stack: 'band',
    symbol: 'none',
    yAxisIndex: Math.max(0, axis),
    lineStyle: { opacity: 0 },
    silent: true,
    tooltip: { show: false },
  };
  const bottoms = new Map(lower.points);
  const height = (ms: number, top: number | null) => {
    const bottom = bottoms.get(ms);
    return top === null || bottom === undefined || bottom === null ? null : scaled(top - bottom, scale);
  };
  return [
    {
      ...shared,
      name: lower.name,
      data: lower.points.map(([ms, value]) => [ms, scaled(value ?? undefined, scale) ?? null]),
    },
    {
      ...shared,
      name: upper.name,
      color: colour,
      areaStyle: { color: colour, opacity: 0.25 },
      data: upper.points.map(([ms, top]) => [ms, height(ms, top)]),
    },
  ];
}

const upright = ({ at, colour }: Mark) => ({
  xAxis: at,
  lineStyle: { color: colour, type: 'dashed', width: 1, opacity: 0.8 },
});

/** Thresholds of the panel, as lines across it. */
function steps(panel: Panel, scale: UnitScale = { factor: 1, suffix: '' }): object[] {
  return (panel.fieldConfig?.defaults.thresholds?.steps ?? []).flatMap(({ value, color }) =>
    value === null ? [] : [{ yAxis: scaled(value, scale), lineStyle: { color, type: 'dashed', width: 1 } }],
  );
}

const isHiddenFromLegend = (look: FieldLook) =>
  (look.property('custom.hideFrom') as { legend?: boolean } | undefined)?.legend === true;

/** Six digits are more than a screen shows. */
function scaled(value: number | undefined, { factor }: UnitScale): number | undefined {
  return value === undefined ? undefined : Number((value * factor).toPrecision(6));
}
