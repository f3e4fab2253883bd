import { LintRule } from '../rule';
import { wrongLines } from './lines';

export const loopbackLocal: LintRule = wrongLines(
  'cpnat/loopback-local',
  'A line of cpnat is for a loopback address',
  'No gateway ever sees a loopback address, so nothing stands for it outside.',
);
