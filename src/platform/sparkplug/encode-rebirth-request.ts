/** The command that asks an edge node for its births, itself and its devices. */
import { datatypeNumber } from '../../core/sparkplug/datatypes.ts';
import { encodePayload } from './encode-payload.ts';

/** Without seq, which only edge nodes count, and by name, because this metric must have no alias. */
export function encodeRebirthRequest(nowMs: number): Uint8Array {
  return encodePayload({
    timestampMs: nowMs,
    seq: null,
    metrics: [
      {
        name: 'Node Control/Rebirth',
        alias: null,
        timestampMs: nowMs,
        datatype: datatypeNumber('Boolean'),
        isHistorical: false,
        isTransient: false,
        isNull: false,
        quality: null,
        wire: { field: 'boolean', value: true },
      },
    ],
  });
}
