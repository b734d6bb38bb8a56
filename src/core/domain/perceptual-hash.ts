/**
 * A picture's gradients in 64 bits: frames of one burst differ in few of them, pictures of different things in about half.
 *
 * The difference hash: the picture as 9 × 8 greys, each bit says whether a grey is darker than its right neighbour.
 */

export const HASH_COLUMNS = 9;
export const HASH_ROWS = 8;

/**
 * Up to so many bits two pictures count as one view. Of 161 photographs of insulators a frame that is shifted by 1 % of its
 * width differs in at most 10, one shifted by 2 % in at most 13 (99 % in at most 12); no two different ones in fewer than 16.
 */
export const NEAR_DUPLICATE_BITS = 12;

/** @param greys 9 × 8, row by row @returns 16 hexadecimal digits */
export function perceptualHash(greys: ArrayLike<number>): string {
  let hash = '';
  for (let row = 0; row < HASH_ROWS; row++) {
    let bits = 0;
    for (let column = 0; column < HASH_COLUMNS - 1; column++) {
      const here = row * HASH_COLUMNS + column;
      bits = bits * 2 + (greys[here]! < greys[here + 1]! ? 1 : 0);
    }
    hash += bits.toString(16).padStart(2, '0');
  }
  return hash;
}

/** In how many of the 64 bits two hashes differ. */
export function hashDistance(a: string, b: string): number {
  let distance = 0;
  for (let digit = 0; digit < a.length; digit++) {
    let differing = parseInt(a[digit]!, 16) ^ parseInt(b[digit]!, 16);
    for (; differing > 0; differing >>= 1) distance += differing & 1;
  }
  return distance;
}
