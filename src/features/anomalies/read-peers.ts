/** Goes through a telemetry file once to see where its sensors stand beside each other, before any is scored. */
import { AnomalyScorer } from '../../catalogue/models/impedance-anomaly/anomaly-scorer.ts';
import { NO_PEERS, PeerBoard, type PeerSource } from '../../catalogue/models/impedance-anomaly/peer-board.ts';
import type { ModelArtifact } from '../../core/domain/model-artifact.ts';
import { readTelemetryCsv } from '../../platform/csv/telemetry-csv.ts';

/**
 * The order of the rows does not matter then: each sensor is compared with where the others stood an hour or two before,
 * wherever in the file they are. Holds some 70 bytes an hour of each sensor.
 *
 * @param siteOf as training was told, where left out
 */
export async function readPeers(
  artifact: ModelArtifact,
  telemetryCsv: string,
  onBytes: (bytes: number) => void,
  siteOf?: (sensorId: string) => string,
): Promise<PeerSource> {
  let board: PeerBoard | undefined;
  const scorer = new AnomalyScorer(artifact, (size) => {
    const to = new PeerBoard(size, siteOf ?? ((sensorId) => scorer.siteOf(sensorId)));
    board = to;
    return {
      enter(sensorId, slot, standing) {
        if (standing !== null) to.put(sensorId, slot, standing);
        return NO_PEERS;
      },
    };
  });
  if (!scorer.comparesPeers) return { enter: () => NO_PEERS };
  const columns = [...scorer.channels, ...scorer.context];
  const named: Record<string, number> = {};
  for await (const rows of readTelemetryCsv(telemetryCsv, columns, onBytes)) {
    for (const { sensorId, observedAt, values } of rows) {
      for (const [i, name] of columns.entries()) named[name] = values[i]!;
      scorer.follow(sensorId, new Date(observedAt), named);
    }
  }
  return { enter: (sensorId, slot) => board!.reference(sensorId, slot) };
}
