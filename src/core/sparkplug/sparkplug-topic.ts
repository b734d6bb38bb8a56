/** The grammar of Sparkplug B topics: which edge node or device speaks, and what about. */
import { BadInput } from '../domain/failure.ts';

const NODE_VERBS = ['NBIRTH', 'NDEATH', 'NDATA', 'NCMD'] as const;
const DEVICE_VERBS = ['DBIRTH', 'DDEATH', 'DDATA', 'DCMD'] as const;

/** An edge node, or a device behind one. */
export interface Source {
  readonly group: string;
  readonly node: string;
  /** Null for the edge node itself. */
  readonly device: string | null;
}

export type SparkplugTopic =
  | (Source & { readonly verb: (typeof NODE_VERBS)[number]; readonly device: null })
  | (Source & { readonly verb: (typeof DEVICE_VERBS)[number]; readonly device: string })
  | { readonly verb: 'STATE'; readonly hostId: string };

const NAMESPACE = 'spBv1.0';

export const SPARKPLUG_TOPIC_FILTER = `${NAMESPACE}/#`;

/** Whether it is meant as a Sparkplug B topic, well formed or not. */
export function isUnderSparkplug(topic: string): boolean {
  return topic.startsWith(`${NAMESPACE}/`);
}

/**
 * @example parseSparkplugTopic('spBv1.0/north/DDATA/T-7/imp-7') // { verb: 'DDATA', group: 'north', … }
 * @throws BadInput when it is no Sparkplug B topic
 */
export function parseSparkplugTopic(topic: string): SparkplugTopic {
  const [namespace, group, verb, node, device, ...rest] = topic.split('/');
  if (namespace === NAMESPACE && group && rest.length === 0) {
    if (group === 'STATE' && verb && node === undefined) return { verb: 'STATE', hostId: verb };
    const nodeVerb = NODE_VERBS.find((each) => each === verb);
    if (nodeVerb && node && device === undefined) return { verb: nodeVerb, group, node, device: null };
    const deviceVerb = DEVICE_VERBS.find((each) => each === verb);
    if (deviceVerb && node && device) return { verb: deviceVerb, group, node, device };
  }
  throw new BadInput(
    'sparkplug-topic-malformed',
    `The topic is '${topic.slice(0, 400)}', but must be ${NAMESPACE}/{group}/{verb}/{node} with ${NODE_VERBS.join(', ')}, or ${NAMESPACE}/{group}/{verb}/{node}/{device} with ${DEVICE_VERBS.join(', ')}.`,
    { topic },
  );
}

export function stateTopic(hostId: string): string {
  return `${NAMESPACE}/STATE/${hostId}`;
}

export function nodeCommandTopic({ group, node }: Pick<Source, 'group' | 'node'>): string {
  return `${NAMESPACE}/${group}/NCMD/${node}`;
}

/** Whether a text can be one element of a topic: any character but the three that MQTT keeps for itself. */
export function isSparkplugId(text: string): boolean {
  return text !== '' && !/[+/#\0]/.test(text);
}

/** For people and logs: `north/T-7/imp-7`. */
export function describeSource({ group, node, device }: Source): string {
  return device === null ? `${group}/${node}` : `${group}/${node}/${device}`;
}
