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

/** A class, and typed state: a simulated year draws a billion numbers, and closures would box each of them. */
class Sfc32 implements Random {
  private readonly state: Int32Array;

  constructor(private readonly name: string) {
    this.state = Int32Array.of(
      hash32(name, 0x9e3779b9),
      hash32(name, 0x243f6a88),
      hash32(name, 0xb7e15162),
      1,
    );
    // The first words still show the seed.
    for (let round = 0; round < 12; round++) this.uniform();
  }

  uniform(): number {
    const { state } = this;
    const b = state[1]!;
    const c = state[2]!;
    const counter = state[3]!;
    const sum = (state[0]! + b + counter) | 0;
    state[0] = b ^ (b >>> 9);
    state[1] = (c + (c << 3)) | 0;
    state[2] = (((c << 21) | (c >>> 11)) + sum) | 0;
    state[3] = (counter + 1) | 0;
    return (sum >>> 0) / 2 ** 32;
  }

  normal(): number {
    // Box-Muller; 1 - uniform keeps the logarithm finite.
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  fork(child: string): Random {
    return new Sfc32(`${this.name}/${child}`);
  }
}

/** @example const wind = createRandom(1).fork('wind'); wind.normal() */
export function createRandom(seed: number | string): Random {
  return new Sfc32(String(seed));
}
