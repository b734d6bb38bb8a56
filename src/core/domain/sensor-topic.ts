/** The grammar of MQTT topics: which sensor speaks, where it sits, and what kind it is. */
import { BadInput } from './failure.ts';

/** Where a sensor sits and what it is. */
export interface SensorPlace {
  readonly lineId: string;
  readonly towerId: string;
  readonly sensorId: string;
  readonly kind: string;
}

/** Whether two say the same of one sensor. */
export function isSamePlace(one: SensorPlace, other: SensorPlace): boolean {
  return one.lineId === other.lineId && one.towerId === other.towerId && one.kind === other.kind;
}

const PREFIX = 'spanwatch/v1';

/** All that is meant for us, also what is malformed: it is kept with a reason and not overlooked. */
export const SENSOR_TOPIC_FILTER = `${PREFIX}/#`;

/** Whether the filter above lets it through. */
export function isOurTopic(topic: string): boolean {
  return topic.startsWith(PREFIX);
}

const SEGMENT = /^[A-Za-z0-9_-]{1,64}$/;
const TOPIC = /^spanwatch\/v1\/([\w-]{1,64})\/([\w-]{1,64})\/([\w-]{1,64})\/([\w-]{1,64})$/;

/** Whether a text can name a line, a tower, a sensor or a kind. */
export function isTopicSegment(text: string): boolean {
  return SEGMENT.test(text);
}

/**
 * @example parseSensorTopic('spanwatch/v1/north/T-7/imp-7/impedance').towerId // 'T-7'
 * @throws BadInput when it is not a sensor's topic
 */
export function parseSensorTopic(topic: string): SensorPlace {
  const parts = TOPIC.exec(topic);
  if (!parts) throw malformed(topic);
  const [, lineId, towerId, sensorId, kind] = parts as unknown as readonly [
    string,
    string,
    string,
    string,
    string,
  ];
  return { lineId, towerId, sensorId, kind };
}

/** @throws BadInput when a part can't stand in a topic */
export function formatSensorTopic({ lineId, towerId, sensorId, kind }: SensorPlace): string {
  const topic = [PREFIX, lineId, towerId, sensorId, kind].join('/');
  if (![lineId, towerId, sensorId, kind].every(isTopicSegment)) throw malformed(topic);
  return topic;
}

function malformed(topic: string): BadInput {
  return new BadInput(
    'topic-malformed',
    `The topic is '${topic.slice(0, 400)}', but must be ${PREFIX}/{line}/{tower}/{sensor}/{kind}, each of 1 to 64 of A-Z, a-z, 0-9, _ and -.`,
    { topic },
  );
}
