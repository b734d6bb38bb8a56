/**
 * A small seeded generator: same seed, same numbers, on every machine. The core is sfc32 (Chris Doty-Humphrey,
 * PractRand), whose state is 128 bits.
 */
export interface Random {
  /** Evenly spread over [0, 1). */
  uniform(): number;
  /** Mean 0, standard deviation 1. */
  normal(): number;
  /** An independent generator that depends on this one's seed and the name alone, not on what was drawn. */
  fork(name: string): Random;
}

/** Spreads the seed's characters over 32 bits; each salt gives another word (FNV-1a, then murmur3's finish). */
function hash32(text: string, salt: number): number {
  let hash = 0x811c9dc5 ^ salt;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** @example const wind = createRandom(1).fork('wind'); wind.normal() */
export function createRandom(seed: number | string): Random {
  const name = String(seed);
  let a = hash32(name, 0x9e3779b9);
  let b = hash32(name, 0x243f6a88);
  let c = hash32(name, 0xb7e15162);
  let counter = 1;

  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  // The first words still show the seed.
  for (let round = 0; round < 12; round++) next();

  const uniform = (): number => next() / 2 ** 32;
  return {
    uniform,
    // Box-Muller; 1 - uniform keeps the logarithm finite.
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    fork: (child) => createRandom(`${name}/${child}`),
  };
}
