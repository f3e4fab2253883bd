import { company } from './families/company';
import { line } from './families/line';
import { runner } from './families/runner';
import { Combination } from './fault';
import { FaultPlatform } from './platform';

/** Every combination that there is for a platform. */
export const everything = (platform: FaultPlatform): readonly Combination[] => [
  ...runner(platform),
  ...company(platform),
  ...line(platform),
];
