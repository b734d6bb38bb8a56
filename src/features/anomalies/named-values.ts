/** The columns that a scorer reads, by name, out of a row that has more. */

export function namedValues(
  row: Readonly<Record<string, unknown>>,
  { channels, context }: { readonly channels: readonly string[]; readonly context: readonly string[] },
): Record<string, number | null> {
  return Object.fromEntries(
    [...channels, ...context].map((column) => [column, (row[column] as number | null) ?? null]),
  );
}
