import { LintRule } from '../rule';
import { createWrongLineRule } from './lines';

export const duplicateLocal: LintRule = createWrongLineRule(
  'cpnat/duplicate-local',
  'Two lines of cpnat are for one local address',
  'The last one counts, which is not what whoever reads the file from its top sees.',
);
