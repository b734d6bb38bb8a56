/** Members of template instances as metrics of their own, named as if the instance was their folder: `Span/ohm`. */
import type { Metric } from './payload.ts';

/**
 * Definitions are not expanded: they say what instances may have, and are no values.
 *
 * @param nameOf data may have an alias instead of a name
 * @returns each instance, then its members
 */
export function expandTemplates(
  metrics: readonly Metric[],
  nameOf: (metric: Metric) => string | null,
): readonly Metric[] {
  return metrics.flatMap((metric) => {
    const { wire } = metric;
    if (wire?.field !== 'template' || wire.value.isDefinition) return [metric];
    const folder = nameOf(metric);
    if (folder === null) return [metric];
    const members = wire.value.metrics.map((member) => asMember(member, folder, metric));
    return [metric, ...expandTemplates(members, nameOf)];
  });
}

/** What is said of the instance holds for its members, unless they say otherwise. */
function asMember(member: Metric, folder: string, instance: Metric): Metric {
  return {
    ...member,
    name: member.name === null ? null : `${folder}/${member.name}`,
    timestampMs: member.timestampMs ?? instance.timestampMs,
    isHistorical: member.isHistorical || instance.isHistorical,
    isTransient: member.isTransient || instance.isTransient,
    quality: member.quality ?? instance.quality,
  };
}
