import { describe, expect, it } from 'vitest';
import { severityOf } from './severity.ts';

const JOINT = { kind: 'failing_joint', probability: 0.9, extent: 0.3, count: 1 };

describe('severity', () => {
  it('begins with what the kind may lead to', () => {
    expect(severityOf(JOINT)).toBe(4);
    expect(severityOf({ ...JOINT, kind: 'broken_insulator' })).toBe(3);
    expect(severityOf({ ...JOINT, kind: 'bird_nest' })).toBe(3);
  });

  it('goes up with extent and count, down where it is small or not sure', () => {
    const string = { ...JOINT, kind: 'broken_insulator' };
    expect(severityOf({ ...string, extent: 0.5 })).toBe(4);
    expect(severityOf({ ...string, extent: 0.05 })).toBe(2);
    expect(severityOf({ ...string, extent: null })).toBe(3);
    expect(severityOf({ ...string, count: 2 })).toBe(4);
    expect(severityOf({ ...string, probability: 0.75 })).toBe(2);
  });

  it('stays from 1 to 5', () => {
    expect(severityOf({ ...JOINT, extent: 1, count: 4, probability: 1 })).toBe(5);
    expect(severityOf({ kind: 'bird_nest', probability: 0.7, extent: 0.01, count: 1 })).toBe(1);
  });
});
