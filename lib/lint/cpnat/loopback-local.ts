import { LintRule } from '../rule';
import { createWrongLineRule } from './lines';

export const loopbackLocal: LintRule = createWrongLineRule(
  'cpnat/loopback-local',
  'A line of cpnat is for a loopback address',
  'No gateway ever sees a loopback address, so nothing stands for it outside.',
);
