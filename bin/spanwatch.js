#!/usr/bin/env node
// Entry of `npx spanwatch`: the built command line, or one line that says how to build it.
import { existsSync } from 'node:fs';

const built = new URL('../dist/cli/spanwatch.js', import.meta.url);
if (existsSync(built)) {
  await import(built.href);
} else {
  process.stderr.write('Spanwatch is not built yet: run `npm run build` first.\n');
  process.exitCode = 1;
}
