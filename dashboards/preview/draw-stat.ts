/** One number in the colour of its step. */
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { QueryResult } from '../checks/check-result.ts';
import { fieldLook } from './field-look.ts';
import { markup, type Html } from '../../src/core/markup/markup.ts';
import { showValue } from './show-value.ts';

export function drawStat(panel: Panel, { columns, rows }: QueryResult): Html {
  const name = columns[0]?.name ?? '';
  const value = rows[0]?.[name];
  const look = fieldLook(panel, name);
  if (typeof value !== 'number')
    return markup`<p class="empty">${panel.fieldConfig?.defaults.noValue ?? ''}</p>`;
  return markup`<p class="stat" style="color:${look.stepColour(value) ?? ''}">
    ${showValue(value, look.unit, look.decimals)}
  </p>`;
}
