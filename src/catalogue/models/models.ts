/** Every model of the platform: to add one, make its folder and add its line here. */
import { cocoBackbone } from './coco-backbone/coco-backbone.ts';
import { defectDetector } from './defect-detector/defect-detector.ts';
import { impedanceAnomaly } from './impedance-anomaly/impedance-anomaly.ts';
import type { Model } from './model.ts';

export const models: readonly Model[] = [cocoBackbone, defectDetector, impedanceAnomaly];
