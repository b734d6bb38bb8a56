/** Which sensors the metrics of an edge node or device belong to, and how; pure, made of the map or the default. */
import type { SensorKind } from '../../../catalogue/sensors/sensor.ts';
import { sensors } from '../../../catalogue/sensors/sensors.ts';
import { isTopicSegment, type SensorPlace } from '../../../core/domain/sensor-topic.ts';
import { describeSource, type Source } from '../../../core/sparkplug/sparkplug-topic.ts';

export interface MappedChannel {
  /** JSON field of the channel: `resistanceOhm`. */
  readonly channel: string;
  /** The metric's value times this is in the channel's unit. */
  readonly scale: number;
}

export interface MappedSensor {
  readonly place: SensorPlace;
  readonly sensor: SensorKind;
  readonly channelOf: ReadonlyMap<string, MappedChannel>;
}

export interface Mapped {
  readonly sensors: readonly MappedSensor[];
  /** Why metrics that should belong to a sensor can't: a sentence each. */
  readonly problems: readonly string[];
}

/** @param metricNames of the message at hand: data name only what has changed */
export type SensorMapping = (source: Source, metricNames: readonly string[]) => Mapped;

/** Group, node and device are line, tower and sensor; metrics have the names of channels, which tell the kind. */
export const mapByName: SensorMapping = (source, metricNames) => {
  const kinds = sensors.filter(({ channels }) => channels.some(({ name }) => metricNames.includes(name)));
  const [kind, ...others] = kinds;
  if (!kind) return { sensors: [], problems: [] };
  if (others.length > 0) {
    const names = kinds.map((each) => each.kind).join(' and ');
    const problem = `${describeSource(source)} has metrics of ${names}, but one sensor has one kind: say in SPARKPLUG_MAP which sensors they are.`;
    return { sensors: [], problems: [problem] };
  }
  const { group, node, device } = source;
  const place = { lineId: group, towerId: node, sensorId: device ?? node, kind: kind.kind };
  return mapTo(source, place, kind, channelsByName(kind));
};

export function channelsByName({ channels }: SensorKind): ReadonlyMap<string, MappedChannel> {
  return new Map(channels.map(({ name }) => [name, { channel: name, scale: 1 }]));
}

/** Ids of Sparkplug may have any characters, ours may not. */
export function mapTo(
  source: Source,
  place: SensorPlace,
  sensor: SensorKind,
  channelOf: MappedSensor['channelOf'],
): Mapped {
  const { lineId, towerId, sensorId } = place;
  const wrong = [lineId, towerId, sensorId].find((id) => !isTopicSegment(id));
  if (wrong === undefined) return { sensors: [{ place, sensor, channelOf }], problems: [] };
  const problem = `${describeSource(source)} would be '${wrong}', but the id of a line, tower or sensor must be 1 to 64 of A-Z, a-z, 0-9, _ and -: say in SPARKPLUG_MAP which it is.`;
  return { sensors: [], problems: [problem] };
}
