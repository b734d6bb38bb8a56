/** A finding with its photographs: the whole picture with the box in it, and the box from near. */
import type { PixelBox } from '../annotation/pixel-box.ts';
import { Html, markup } from '../markup/markup.ts';
import type { DrawnEvidence, ReportedFinding } from './report-data.ts';
import { REVIEW_WORDS, SEVERITY_WORDS, showKind, showProbability, showTime } from './show.ts';

/** @param more photographs that show it and are not drawn @param place whose it is, where that is not clear */
export function findingArticle(
  finding: ReportedFinding,
  evidence: readonly DrawnEvidence[],
  more: number,
  place = '',
): Html {
  const { kind, defectNumber, probability, heightMetre, inspectedAt, flightId } = finding;
  const number = defectNumber > 1 ? ` ${defectNumber}` : '';
  const height = heightMetre === null ? '' : `, ${Math.round(heightMetre)} m above take-off`;
  const seen = `Seen ${showTime(inspectedAt)} in flight ${flightId}${height}; probability ${showProbability(probability)}; ${REVIEW_WORDS[finding.reviewState]}${finding.reviewedBy ? ` by ${finding.reviewedBy}` : ''}.`;
  const rest = more > 0 ? markup`<p class="aside">${more} more photographs show it.</p>` : markup``;
  const pictures =
    evidence.length > 0
      ? markup`${evidence.map(pairOf)}`
      : markup`<p class="aside">No photograph with a box of it is on record.</p>`;
  return markup`<article>
<h3>${place}${showKind(kind)}${number} ${severityBadge(finding.severity)}</h3>
<p class="aside">${seen}</p>
${pictures}${rest}
</article>
`;
}

export function severityBadge(severity: number | null): Html {
  if (severity === null) return markup``;
  return markup`<span class="badge s${severity}">${severity} ${SEVERITY_WORDS[severity] ?? ''}</span>`;
}

function pairOf(evidence: DrawnEvidence): Html {
  const { overview, crop, picture, box, category, score, fileName, takenAt } = evidence;
  if (!overview || !crop) {
    return markup`<p class="aside">The original of ${fileName} is gone from the store.</p>`;
  }
  const shown = score === null ? 'drawn by a person' : showProbability(score);
  const whole = { xPx: 0, yPx: 0, ...picture };
  return markup`<div class="pictures">
<figure>${drawing(whole, overview, box)}<figcaption>${fileName}, ${showTime(takenAt)}</figcaption></figure>
<figure>${drawing(crop.region, crop.dataUri, box)}<figcaption>${showKind(category)}, ${shown}</figcaption></figure>
</div>
`;
}

/** In the photograph's own pixels, so that the box needs no reckoning. */
function drawing(region: PixelBox, dataUri: string, box: PixelBox): Html {
  const { xPx, yPx, widthPx, heightPx } = region;
  // A two hundredth of the picture is seen on paper, too.
  const stroke = Math.max(widthPx, heightPx) / 200;
  const frame = (colour: string, width: number) =>
    markup`<rect x="${box.xPx}" y="${box.yPx}" width="${box.widthPx}" height="${box.heightPx}" fill="none" stroke="${colour}" stroke-width="${width}"/>`;
  return markup`<svg viewBox="${xPx} ${yPx} ${widthPx} ${heightPx}" role="img"><image href="${new Html(dataUri)}" x="${xPx}" y="${yPx}" width="${widthPx}" height="${heightPx}" preserveAspectRatio="none"/>${frame('#fff', 2 * stroke)}${frame('#d7191c', stroke)}</svg>`;
}
