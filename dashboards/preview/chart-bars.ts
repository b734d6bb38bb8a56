/** Bars by name, as options of ECharts. */
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { QueryResult } from '../checks/check-result.ts';
import { fieldLook } from './field-look.ts';
import { scaleOf } from './show-value.ts';

export function barOptions(panel: Panel, { columns, rows }: QueryResult): Record<string, unknown> {
  const [names, ...numbers] = columns;
  const values = numbers.flatMap(({ name }) => rows.map((row) => Math.abs(Number(row[name] ?? 0))));
  const scale = scaleOf(panel.fieldConfig?.defaults.unit ?? 'none', Math.max(0, ...values));
  return {
    animation: false,
    grid: { left: 8, right: 8, top: 16, bottom: 34, containLabel: true },
    legend: { bottom: 0, itemHeight: 8, textStyle: { color: '#ccccdc' } },
    tooltip: { trigger: 'axis', confine: true },
    xAxis: {
      type: 'category',
      data: rows.map((row) => row[names?.name ?? '']),
      axisLabel: { hideOverlap: true },
    },
    yAxis: {
      type: 'value',
      min: panel.fieldConfig?.defaults.min,
      axisLabel: { formatter: `{value}${scale.suffix}` },
      splitLine: { lineStyle: { color: '#2c3235' } },
    },
    series: numbers.map(({ name }) => ({
      name,
      type: 'bar',
      barMaxWidth: 40,
      color: fieldLook(panel, name).colour,
      data: rows.map((row) =>
        row[name] === null ? null : Number((Number(row[name]) * scale.factor).toPrecision(4)),
      ),
    })),
  };
}
