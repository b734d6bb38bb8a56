/** Reads the file that says which Sparkplug metrics are which sensors' channels. */
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { findSensorKind, sensors } from '../../../catalogue/sensors/sensors.ts';
import { BadInput } from '../../../core/domain/failure.ts';

const scale = z
  .number({ error: 'must be a number that the metric is multiplied by' })
  .refine((factor) => factor !== 0, { error: 'must not be 0' });
const metricName = z.string({ error: 'must be the name of a metric' }).min(1, { error: 'must not be empty' });
const channel = z.union([metricName, z.strictObject({ metric: metricName, scale: scale.default(1) })], {
  error: 'must be the name of a metric, or {metric: NAME, scale: FACTOR}',
});
const text = (what: string) => z.string({ error: `must be ${what}` }).min(1, { error: 'must not be empty' });

const rule = z
  .strictObject({
    group: text('the group, * for any characters'),
    node: text('the edge node, * for any characters'),
    /** Absent for the edge node's own metrics. */
    device: text('the device, * for any characters').optional(),
    line: text("the line's id, {group}, {node} and {device} put in").default('{group}'),
    tower: text("the tower's id, {group}, {node} and {device} put in").default('{node}'),
    sensor: text("the sensor's id, {group}, {node} and {device} put in").optional(),
    kind: z.string().refine((kind) => findSensorKind(kind) !== undefined, {
      error: `must be one of ${sensors.map(({ kind }) => kind).join(', ')}`,
    }),
    /** By channel; absent where metrics have the names of channels. */
    channels: z.record(z.string(), channel).optional(),
  })
  .superRefine(({ kind, channels, device, line, tower, sensor }, context) => {
    const known = findSensorKind(kind)?.channels.map(({ name }) => name);
    for (const name of Object.keys(channels ?? {})) {
      if (!known || known.includes(name)) continue;
      const message = `is no channel of ${kind}, which has ${known.join(', ')}`;
      context.addIssue({ code: 'custom', path: ['channels', name], message });
    }
    const metrics = Object.values(channels ?? {}).map((sent) =>
      typeof sent === 'string' ? sent : sent.metric,
    );
    for (const twice of metrics.filter((metric, index) => metrics.indexOf(metric) !== index)) {
      context.addIssue({ code: 'custom', path: ['channels'], message: `give '${twice}' to two channels` });
    }
    for (const [field, template] of Object.entries({ line, tower, sensor })) {
      if (device !== undefined || !template?.includes('{device}')) continue;
      const message = 'has {device}, but the rule is for an edge node’s own metrics: give it a device';
      context.addIssue({ code: 'custom', path: [field], message });
    }
  });

const schema = z.strictObject({ sensors: z.array(rule).min(1, { error: 'must have at least one rule' }) });

export type SparkplugRule = z.output<typeof rule>;

/**
 * @param file JSON or YAML
 * @throws BadInput with every problem, not only the first
 */
export async function readSparkplugMap(file: string): Promise<readonly SparkplugRule[]> {
  let content: unknown;
  try {
    content = parse(await readFile(file, 'utf8'));
  } catch (cause) {
    const { message } = cause as Error;
    throw new BadInput(
      'sparkplug-map-unreadable',
      `SPARKPLUG_MAP=${file} can't be read: ${message.split('\n')[0]}`,
      {},
      { cause },
    );
  }
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data.sensors;
  const problems = parsed.error.issues.map(({ path, message }) => `${formatPath(path)} ${message}`);
  throw new BadInput('sparkplug-map-wrong', `SPARKPLUG_MAP=${file} is wrong: ${problems.join(' | ')}`);
}

function formatPath(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'the file';
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .slice(1);
}
