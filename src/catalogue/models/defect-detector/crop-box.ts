/** The part of the picture that the crop head looks at for a given object. */
import { architecture } from './defaults.ts';
import type { Corners } from './preprocess.ts';

export function cropBox([left, top, right, bottom]: Corners): Corners {
  const across = (right - left) * architecture.cropMargin;
  const down = (bottom - top) * architecture.cropMargin;
  return [left - across, top - down, right + across, bottom + down];
}
