/** Waits for what happens soon, and fails with what was last seen when it doesn't. */
import { expect } from 'vitest';

export async function eventually(check: () => void | Promise<void>, timeout = 10_000): Promise<void> {
  await expect
    .poll(
      async () => {
        try {
          await check();
          return 'holds';
        } catch (error) {
          return (error as Error).message;
        }
      },
      { timeout, interval: 20 },
    )
    .toBe('holds');
}
