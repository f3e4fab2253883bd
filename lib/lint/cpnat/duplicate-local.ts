import { LintRule } from '../rule';
import { wrongLines } from './lines';

export const duplicateLocal: LintRule = wrongLines(
  'cpnat/duplicate-local',
  'Two lines of cpnat are for one local address',
  'The last one counts, which is not what whoever reads the file from its top sees.',
);
