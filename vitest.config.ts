import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.spec.ts', 'dashboards/**/*.spec.ts', 'test/**/*.spec.ts'],
    globalSetup: ['test/support/test-cluster.ts'],
    reporters: ['default', './test/support/tally-reporter.ts'],
    testTimeout: 30_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
    // As the command line has it: CUDA would otherwise add up in an order of its own each time.
    env: { TF_DETERMINISTIC_OPS: '1' },
  },
});
