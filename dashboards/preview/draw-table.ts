/** Rows to read: words on their colours, numbers in their units, pictures. */
import type { DashboardLink, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { QueryResult } from '../checks/check-result.ts';
import { fieldLook, type FieldLook } from './field-look.ts';
import { markup, type Html } from '../../src/core/markup/markup.ts';
import { inkOn } from './ink-on.ts';
import type { PreviewSource } from './ask.ts';
import { showTime, showValue } from './show-value.ts';

const MOST_ROWS = 40;

export async function drawTable(
  panel: Panel,
  { columns, rows }: QueryResult,
  source: PreviewSource,
): Promise<Html> {
  const shown = columns
    .map(({ name }) => ({ name, look: fieldLook(panel, name) }))
    .filter(({ look }) => look.property('custom.hidden') !== true);
  const body: Html[] = [];
  for (const row of rows.slice(0, MOST_ROWS)) {
    const cells: Html[] = [];
    for (const { name, look } of shown) cells.push(await drawCell(row[name], look, row, source));
    body.push(
      markup`<tr>
        ${cells}
      </tr>`,
    );
  }
  const heads = shown.map(({ name, look }) => {
    const width = look.property('custom.width') as number | undefined;
    return markup`<th${width ? markup` style="min-width:${width}px"` : markup``}>${name}</th>`;
  });
  return markup`<div class="table">
    <table>
      <thead>
        <tr>
          ${heads}
        </tr>
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>
  </div>`;
}

async function drawCell(
  value: unknown,
  look: FieldLook,
  row: Readonly<Record<string, unknown>>,
  source: PreviewSource,
): Promise<Html> {
  const options = look.property('custom.cellOptions') as { type?: string } | undefined;
  if (options?.type === 'image') return markup`<td>${await drawPicture(String(value), source)}</td>`;
  const mapped = look.mapped(value);
  const text = mapped?.text ?? show(value, look);
  const step = typeof value === 'number' ? look.stepColour(value) : undefined;
  const colour = options?.type === 'color-background' ? (mapped?.colour ?? step) : undefined;
  if (colour)
    return markup`<td><mark style="background:${colour};color:${inkOn(colour)}">${text}</mark></td>`;
  const [link] = (look.property('links') as DashboardLink[] | undefined) ?? [];
  const address = link?.url ? addressOf(link.url, row) : null;
  return address
    ? markup`<td><a href="${address}" title="${link?.title ?? ''}">${text}</a></td>`
    : markup`<td>${text}</td>`;
}

/** Another board is further down on this page. */
function addressOf(url: string, row: Readonly<Record<string, unknown>>): string | null {
  const board = /^\/d\/([^?]+)/.exec(url)?.[1];
  if (board) return `#${board}`;
  const filled = url.replace(/\$\{__data\.fields\.(\w+)\}/g, (_, name: string) => String(row[name]));
  return filled.startsWith('http') ? filled : null;
}

async function drawPicture(address: string, source: PreviewSource): Promise<Html> {
  if (address.startsWith('data:')) return markup`<img src="${address}" alt="" />`;
  const [, id, asked] = /images\/([^/]+)\/thumbnail(\?boxes=true)?$/.exec(address) ?? [];
  const picture = id ? await source.thumbnail(id, asked !== undefined) : null;
  return picture ? markup`<img src="${picture}" alt="" />` : markup`<small>not kept here</small>`;
}

function show(value: unknown, look: FieldLook): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return showTime(value);
  if (typeof value === 'number') return showValue(value, look.unit, look.decimals);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
