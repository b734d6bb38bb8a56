/** Puts chosen values where a query names a variable, as Grafana does in its format sqlstring. */
import { BadInput } from '../../src/core/domain/failure.ts';

export type ChosenValues = Readonly<Record<string, readonly string[]>>;

/**
 * @example interpolateVariables('line_id IN (${line:sqlstring})', { line: ['L01', "O'Hara"] })
 * // line_id IN ('L01','O''Hara')
 * @throws BadInput for a variable that has no value, or a format that is not used here
 */
export function interpolateVariables(text: string, values: ChosenValues): string {
  return text.replace(/\$\{(\w+)(?::(\w+))?\}/g, (_, name: string, format: string | undefined) => {
    const chosen = values[name];
    if (!chosen) throw new BadInput('variable-unknown', `There is no variable ${name}.`);
    if (format === 'sqlstring') return chosen.map((value) => `'${value.replaceAll("'", "''")}'`).join(',');
    if (format === undefined && chosen.length === 1) return chosen[0] ?? '';
    throw new BadInput('variable-format', `The variable ${name} must be written as \${${name}:sqlstring}.`);
  });
}
