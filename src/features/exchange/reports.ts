/** Puts reports together: of a tower, of a flight, each one HTML file that needs nothing else. */
import { BadInput } from '../../core/domain/failure.ts';
import { flightReport, worstDefects } from '../../core/report/flight-report.ts';
import type { DrawnEvidence, EvidenceBox } from '../../core/report/report-data.ts';
import { standingDefects } from '../../core/report/standing-defects.ts';
import { towerReport, MOST_PICTURES } from '../../core/report/tower-report.ts';
import type { BlobStore } from '../../platform/blobs/blob-store.ts';
import type { AssetRepository } from '../../platform/storage/asset-repository.ts';
import type { FlightReportRepository } from '../../platform/storage/flight-report-repository.ts';
import type { TowerReportRepository } from '../../platform/storage/tower-report-repository.ts';
import { drawEvidence } from './draw-evidence.ts';

export class Reports {
  /** @param maxMegapixels of a photograph that is decoded */
  constructor(
    private readonly towers: TowerReportRepository,
    private readonly flights: FlightReportRepository,
    private readonly assets: AssetRepository,
    private readonly blobs: BlobStore,
    private readonly maxMegapixels: number,
  ) {}

  /** @throws BadInput `not-found` */
  async ofTower(lineId: string, towerId: string): Promise<string> {
    const tower = await this.assets.find(lineId, towerId);
    if (!tower) throw new BadInput('not-found', `There is no tower ${towerId} on line ${lineId}.`);
    const [findings, rest] = await Promise.all([
      this.towers.findings(lineId, towerId),
      this.towers.rest(lineId, towerId),
    ]);
    const shown = standingDefects(findings).map(({ findingId }) => findingId);
    const evidence = await this.draw(await this.towers.evidence(shown), MOST_PICTURES);
    return towerReport({ ...tower, madeAt: new Date(), findings, evidence, ...rest });
  }

  /** @throws BadInput `not-found` */
  async ofFlight(flightId: string): Promise<string> {
    const facts = await this.flights.facts(flightId);
    if (!facts) throw new BadInput('not-found', `There is no flight ${flightId}.`);
    const findings = await this.flights.findings(flightId);
    const shown = worstDefects(findings).map(({ findingId }) => findingId);
    const evidence = await this.draw(await this.flights.evidence(shown), 1);
    return flightReport({ ...facts, madeAt: new Date(), findings, evidence });
  }

  /** Of each finding the first few; the others are only counted. */
  private async draw(evidence: readonly EvidenceBox[], mostOfFinding: number): Promise<DrawnEvidence[]> {
    const counts = new Map<string, number>();
    const drawn: DrawnEvidence[] = [];
    for (const box of evidence) {
      const count = (counts.get(box.findingId) ?? 0) + 1;
      counts.set(box.findingId, count);
      drawn.push(
        count <= mostOfFinding
          ? await drawEvidence(this.blobs, this.maxMegapixels, box)
          : { ...box, overview: null, crop: null },
      );
    }
    return drawn;
  }
}
