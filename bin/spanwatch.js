#!/usr/bin/env node
// Entry of `npx spanwatch`: the built command line, or one line that says how to build it.
import { existsSync } from 'node:fs';

// TensorFlow's C++ part reads these when it loads; without the first two it prints banners over our own lines.
process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
process.env.TF_ENABLE_ONEDNN_OPTS ??= '1';
// On CUDA, sums in a fixed order: a training that is stopped and goes on ends with the same weights.
process.env.TF_DETERMINISTIC_OPS ??= '1';

const built = new URL('../dist/src/cli/spanwatch.js', import.meta.url);
if (existsSync(built)) {
  await import(built.href);
} else {
  process.stderr.write('Spanwatch is not built yet: run `npm run build` first.\n');
  process.exitCode = 1;
}
