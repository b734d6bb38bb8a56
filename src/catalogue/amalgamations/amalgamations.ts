/** Every amalgamation of the platform: to add one, make its folder and add its line here. */
import type { Amalgamation } from './amalgamation.ts';
import { lineInspectionAmalgamation } from './line-inspection/line-inspection-amalgamation.ts';

export const amalgamations: readonly Amalgamation[] = [lineInspectionAmalgamation];
