/** `spanwatch backbone import`: the published graph model becomes a model folder. */
import { Command } from 'commander';
import { packWeights } from '../core/domain/model-weights.ts';
import { importCenternet } from '../features/training/import-backbone.ts';
import { sha256Hex, writeModelFolder } from '../platform/blobs/model-folder.ts';

interface ImportOptions {
  readonly out: string;
}

/** What the shipped weights were made from. */
const SOURCE = {
  package: '@vladmandic/human',
  packageVersion: '3.3.6',
  file: 'models/centernet.json',
  licence: 'MIT',
  trainedBy: 'https://github.com/610265158/mobilenetv3_centernet',
  trainedOn: 'COCO 2017',
};

export function backboneImportCommand(): Command {
  return new Command('import')
    .description('make a model folder of the graph model centernet.json of the package @vladmandic/human')
    .argument('<file>', 'centernet.json, with centernet.bin beside it')
    .requiredOption('--out <folder>', 'folder for the model')
    .action(importBackbone);
}

async function importBackbone(file: string, { out }: ImportOptions): Promise<void> {
  const weights = await importCenternet(file);
  const { entries, bytes } = packWeights(weights, 'float16');
  const weightsSha256 = sha256Hex(bytes);
  const version = `human-${SOURCE.packageVersion}-${weightsSha256.slice(0, 8)}`;
  await writeModelFolder(out, {
    manifest: {
      formatVersion: 1,
      model: 'coco-backbone',
      version,
      createdAt: new Date().toISOString(),
      record: {
        source: SOURCE,
        weights: Object.values(weights).reduce((n, { values }) => n + values.length, 0),
      },
      metrics: {},
      parameters: {},
      weights: entries,
      weightsSha256,
    },
    weights: bytes,
  });
  process.stdout.write(`Wrote version ${version} to ${out}.\n`);
}
