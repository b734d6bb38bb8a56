/** The mapping of a SPARKPLUG_MAP: every rule that fits makes a sensor, so that a device may be several. */
import { findSensorKind } from '../../../catalogue/sensors/sensors.ts';
import { Broken } from '../../../core/domain/failure.ts';
import type { Source } from '../../../core/sparkplug/sparkplug-topic.ts';
import type { SparkplugRule } from './read-sparkplug-map.ts';
import {
  channelsByName,
  mapTo,
  type Mapped,
  type MappedChannel,
  type SensorMapping,
} from './sensor-mapping.ts';

interface CompiledRule {
  readonly fits: (source: Source) => boolean;
  readonly map: (source: Source) => Mapped;
}

export function mapByRules(rules: readonly SparkplugRule[]): SensorMapping {
  const compiled = rules.map(compile);
  /** Messages come by the thousand from few sources. */
  const known = new Map<string, Mapped>();
  return (source) => {
    const key = JSON.stringify([source.group, source.node, source.device]);
    let mapped = known.get(key);
    if (!mapped) {
      const each = compiled.filter(({ fits }) => fits(source)).map(({ map }) => map(source));
      mapped = {
        sensors: each.flatMap(({ sensors }) => sensors),
        problems: each.flatMap(({ problems }) => problems),
      };
      known.set(key, mapped);
    }
    return mapped;
  };
}

function compile(rule: SparkplugRule): CompiledRule {
  const kind = findSensorKind(rule.kind);
  if (!kind)
    throw new Broken('sensor-kind-unchecked', `The rule's kind ${rule.kind} should have been checked.`);
  const group = pattern(rule.group);
  const node = pattern(rule.node);
  const device = rule.device === undefined ? null : pattern(rule.device);
  const channelOf = rule.channels ? channelsOf(rule.channels) : channelsByName(kind);
  const sensorId = rule.sensor ?? (device ? '{device}' : '{node}');
  return {
    fits: (source) =>
      group.test(source.group) &&
      node.test(source.node) &&
      (device === null ? source.device === null : source.device !== null && device.test(source.device)),
    map: (source) =>
      mapTo(
        source,
        {
          lineId: fill(rule.line, source),
          towerId: fill(rule.tower, source),
          sensorId: fill(sensorId, source),
          kind: rule.kind,
        },
        kind,
        channelOf,
      ),
  };
}

function channelsOf(channels: NonNullable<SparkplugRule['channels']>): ReadonlyMap<string, MappedChannel> {
  return new Map(
    Object.entries(channels).map(([channel, metric]) =>
      typeof metric === 'string'
        ? [metric, { channel, scale: 1 }]
        : [metric.metric, { channel, scale: metric.scale }],
    ),
  );
}

/** `*` stands for any characters, none included; all others for themselves. */
function pattern(text: string): RegExp {
  const parts = text.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'su');
}

function fill(template: string, { group, node, device }: Source): string {
  const values: Record<string, string> = { group, node, device: device ?? '' };
  return template.replace(/\{(group|node|device)\}/g, (_, name: string) => values[name] ?? '');
}
