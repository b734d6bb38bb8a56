/** The generated JSON, compiled against Grafana's own types: a key that they do not know is an error. */
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../../src/platform/project-root.ts';
import { buildDashboards, DEFAULT_OPTIONS } from '../files/generate-files.ts';

const FILE = path.join(projectRoot, 'dashboards', 'checks', 'boards-against-schema.ts');

/** Enumerations as their values: JSON has no others. */
const HEADER = `
  import type { Dashboard } from '@grafana/schema';
  type Loose<T> = T extends string ? \`\${T}\` : T extends (infer Each)[] ? Loose<Each>[]
    : T extends object ? { [Key in keyof T]: Loose<T[Key]> } : T;
`;

function complaintsAbout(boards: readonly unknown[]): string[] {
  const text =
    HEADER +
    boards
      .map((board, index) => `export const board${index}: Loose<Dashboard> = ${JSON.stringify(board)};`)
      .join('\n');
  const { config } = ts.readConfigFile(path.join(projectRoot, 'tsconfig.json'), (file) =>
    ts.sys.readFile(file),
  ) as {
    config: object;
  };
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, projectRoot);
  const host = ts.createCompilerHost(options);
  const fromDisk = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...rest) =>
    name === FILE ? ts.createSourceFile(FILE, text, ts.ScriptTarget.ES2023) : fromDisk(name, ...rest);
  const program = ts.createProgram([FILE], options, host);
  return ts
    .getPreEmitDiagnostics(program, program.getSourceFile(FILE))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

/** A data source's own keys in an annotation's query are no business of the schema; panels' are left open by it. */
function boards(): Record<string, unknown>[] {
  return buildDashboards(DEFAULT_OPTIONS).map((board) => ({
    ...board,
    annotations: { list: board.annotations.list?.map(({ target: _target, ...annotation }) => annotation) },
  }));
}

describe('against @grafana/schema', { timeout: 120_000 }, () => {
  it('every dashboard type-checks', () => {
    expect(complaintsAbout(boards())).toEqual([]);
  });

  it('a key that Grafana does not know is found', () => {
    const [board] = boards();
    expect(complaintsAbout([{ ...board, refersh: '1m' }]).join('\n')).toContain('refersh');
  });
});
