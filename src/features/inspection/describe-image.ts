/** A photograph as the HTTP door describes it. */
import { z } from 'zod';
import { QUALITY_FLAGS } from '../../core/domain/image-quality.ts';
import type { DetectionRow, ImageRow } from '../../platform/storage/image-repository.ts';
import { toDetection } from './detection-row.ts';

export const imageState = z.enum(['queued', 'analysed', 'failed']);

const candidate = z.object({ lineId: z.string(), towerId: z.string(), probability: z.number() });

const match = z.object({
  state: z
    .enum(['matched', 'needs-matching', 'unmatched', 'confirmed'])
    .describe('by its position; several could be it; none near or no position; said by a person'),
  probability: z.number().nullable().describe('that the photograph shows the tower'),
  candidates: z.array(candidate).describe('the likeliest towers, best first'),
  revision: z.number().int().describe('to be named by whoever changes the match'),
  by: z.string().nullable(),
});

export const imageSummary = z.object({
  imageId: z.uuid(),
  status: imageState,
  failure: z.string().nullable(),
  fileName: z.string(),
  mediaType: z.string(),
  sha256: z.string(),
  widthPx: z.number(),
  heightPx: z.number(),
  takenAt: z.iso.datetime().nullable(),
  flightId: z.string().nullable(),
  tower: z
    .object({ lineId: z.string(), towerId: z.string(), distanceMetre: z.number().nullable() })
    .nullable(),
  match,
  warnings: z.array(z.string()).describe('what the camera said that cannot be'),
  quality: z
    .array(z.enum(QUALITY_FLAGS))
    .describe(
      'what makes it too poor to judge by; empty also where it was taken in before this was measured',
    ),
});

const camera = z.object({
  model: z.string().nullable(),
  takenAtSource: z.string().nullable().describe('how takenAt came about'),
  utcOffsetMinutes: z.number().nullable().describe("of the camera's clock, east positive"),
  latitudeDeg: z.number().nullable(),
  longitudeDeg: z.number().nullable(),
  positionSigmaMetre: z.number().nullable().describe('standard deviation on the ground, each axis'),
  relativeAltitudeMetre: z.number().nullable(),
  yawDeg: z.number().nullable().describe('of the optical axis, clockwise from true north'),
  pitchDeg: z.number().nullable().describe('0 level, -90 straight down'),
  focalLength35Mm: z.number().nullable(),
});

const view = z
  .object({
    objects: z
      .array(z.string())
      .nullable()
      .describe('kinds of object seen well enough to judge; null until analysed'),
    lowestMetre: z.number().nullable().describe('height above take-off from which the tower is in the frame'),
    highestMetre: z.number().nullable(),
    millimetrePerPixel: z.number().nullable(),
  })
  .describe('what of the tower the photograph shows');

const measured = z.object({
  sharpness: z.number().nullable().describe('1/4 without any fine detail, about 1/2 with all of it'),
  brightLuma: z.number().nullable().describe('of 255; a tenth of the picture is brighter'),
  burntShare: z.number().nullable().describe('of the picture that is burnt out'),
});

export const imageDetail = imageSummary.extend({
  measured,
  camera,
  view,
  detections: z.array(
    z.object({
      category: z.string(),
      score: z.number(),
      bbox: z.array(z.number()).length(4).describe('x, y, width, height in pixels'),
    }),
  ),
  detectorVersion: z.string().nullable(),
});

export function summariseImage(row: ImageRow): z.input<typeof imageSummary> {
  const { line_id: lineId, tower_id: towerId } = row;
  return {
    imageId: row.image_id,
    status: row.state,
    failure: row.failure,
    fileName: row.file_name,
    mediaType: row.media_type,
    sha256: row.sha256,
    widthPx: row.width_px,
    heightPx: row.height_px,
    takenAt: row.taken_at?.toISOString() ?? null,
    flightId: row.flight_id,
    tower: lineId && towerId ? { lineId, towerId, distanceMetre: row.tower_distance_metre } : null,
    match: {
      state: row.match_state,
      probability: row.match_probability,
      candidates: [...row.match_candidates],
      revision: row.match_revision,
      by: row.matched_by,
    },
    warnings: row.warnings,
    quality: row.quality_flags,
  };
}

export function describeImage(
  row: ImageRow,
  detections: readonly DetectionRow[],
): z.input<typeof imageDetail> {
  return {
    ...summariseImage(row),
    measured: { sharpness: row.sharpness, brightLuma: row.bright_luma, burntShare: row.burnt_share },
    camera: {
      model: row.camera_model,
      takenAtSource: row.taken_at_source,
      utcOffsetMinutes: row.utc_offset_minutes,
      latitudeDeg: row.latitude_deg,
      longitudeDeg: row.longitude_deg,
      positionSigmaMetre: row.position_sigma_metre,
      relativeAltitudeMetre: row.relative_altitude_metre,
      yawDeg: row.yaw_deg,
      pitchDeg: row.pitch_deg,
      focalLength35Mm: row.focal_length_35_mm,
    },
    view: {
      objects: row.objects_in_view,
      lowestMetre: row.view_lowest_metre,
      highestMetre: row.view_highest_metre,
      millimetrePerPixel: row.millimetre_per_pixel,
    },
    detectorVersion: row.detector_version,
    detections: detections
      .map(toDetection)
      .map(({ category, score, bbox }) => ({ category, score, bbox: [...bbox] })),
  };
}
