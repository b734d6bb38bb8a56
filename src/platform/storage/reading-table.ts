/** Where a kind's readings go. */

/** The sensor kind itself fits. */
export interface ReadingTable {
  readonly kind: string;
  readonly table: string;
  readonly channels: readonly { readonly name: string; readonly column: string }[];
}

/** All but `received_at`, which the database knows. */
export function columnsOf({ channels }: ReadingTable): string {
  return ['sensor_id', 'observed_at', ...channels.map(({ column }) => column)].join(', ');
}
