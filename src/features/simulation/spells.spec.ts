import { describe, expect, it } from 'vitest';
import { createRandom } from '../../core/statistics/random.ts';
import { createSpells } from './spells.ts';

describe('createSpells', () => {
  const next = createSpells(createRandom(1), { everyHours: 100, lengthHours: 10 }, 1);
  const steps = Array.from({ length: 300_000 }, next);

  it('is on for its length out of its length and the wait', () => {
    const share = steps.filter((spell) => spell !== undefined).length / steps.length;
    // The mean of lengths whose median is 10 h and whose logarithm spreads by 0.5; a step is lost on each side.
    const meanHours = 10 * Math.exp(0.5 ** 2 / 2);
    expect(Math.abs(share / (meanHours / (meanHours + 100)) - 1)).toBeLessThan(0.1);
  });

  it('keeps strength and length while a spell lasts and draws new ones for the next', () => {
    const strengths = new Set<number>();
    for (const [index, spell] of steps.entries()) {
      if (!spell) continue;
      strengths.add(spell.strength);
      const before = steps[index - 1];
      expect(spell.begins).toBe(before === undefined);
      if (before) expect([spell.strength, spell.lengthHours]).toEqual([before.strength, before.lengthHours]);
    }
    expect(strengths.size).toBe(steps.filter((spell) => spell?.begins).length);
  });
});
