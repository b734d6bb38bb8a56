/** How a field of a panel looks: its defaults, and the overrides by its name. */
import type { FieldConfig, Panel, ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';

export interface FieldLook {
  readonly unit: string;
  readonly decimals: number | undefined;
  readonly colour: string | undefined;
  readonly property: (id: string) => unknown;
  /** Words and colour that a value is mapped to. */
  readonly mapped: (
    value: unknown,
  ) => { readonly text: string | undefined; readonly colour: string | undefined } | null;
  /** Colour of the step that a number is on. */
  readonly stepColour: (value: number) => string | undefined;
}

export function fieldLook(panel: Panel, name: string): FieldLook {
  const defaults: FieldConfig = panel.fieldConfig?.defaults ?? {};
  const properties = new Map<string, unknown>();
  for (const { matcher, properties: list } of panel.fieldConfig?.overrides ?? []) {
    if (matcher.id === 'byName' && matcher.options === name)
      for (const { id, value } of list) properties.set(id, value);
  }
  const own = <Value>(id: string, otherwise: Value) => (properties.get(id) as Value | undefined) ?? otherwise;
  const mappings = [...(defaults.mappings ?? []), ...own<ValueMapping[]>('mappings', [])];
  const steps = own('thresholds', defaults.thresholds)?.steps ?? [];
  return {
    unit: own('unit', defaults.unit ?? 'none'),
    decimals: own('decimals', defaults.decimals),
    colour: own<{ fixedColor?: string } | undefined>('color', undefined)?.fixedColor,
    property: (id) => properties.get(id),
    mapped: (value) => mapValue(mappings, value),
    stepColour: (value) => steps.findLast(({ value: from }) => from === null || value >= from)?.color,
  };
}

function mapValue(mappings: readonly ValueMapping[], value: unknown) {
  for (const mapping of mappings as readonly { type: string; options: Record<string, unknown> }[]) {
    if (mapping.type === 'value') {
      const hit = mapping.options[String(value)] as { text?: string; color?: string } | undefined;
      if (hit) return { text: hit.text, colour: hit.color };
    }
    if (mapping.type === 'range' && typeof value === 'number') {
      const { from, to, result } = mapping.options as {
        from: number | null;
        to: number | null;
        result: { text?: string; color?: string };
      };
      if (value >= (from ?? -Infinity) && value <= (to ?? Infinity))
        return { text: result.text, colour: result.color };
    }
  }
  return null;
}
