import { LintRule } from '../lint-rule';
import { createWrongLineRule } from './cpnat-line-rule';

/** Finds cpnat lines for a loopback address. No gateway sees one, so it has no public address. */
export const loopbackLocal: LintRule = createWrongLineRule(
  'cpnat/loopback-local',
  'A line of cpnat is for a loopback address',
  'No gateway ever sees a loopback address, so nothing stands for it outside.',
);
