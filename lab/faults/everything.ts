import { company } from './families/company';
import { disk } from './families/disk';
import { line } from './families/line';
import { machine } from './families/machine';
import { power } from './families/power';
import { destroy } from './families/destroy';
import { owners } from './families/owners';
import { postgres } from './families/postgres';
import { state } from './families/state';
import { runner } from './families/runner';
import { terminal } from './families/terminal';
import { Combination } from './fault';
import { FaultPlatform } from './platform';

/** Every combination that there is for a platform. */
export const everything = (platform: FaultPlatform): readonly Combination[] => [
  ...runner(platform),
  ...terminal(),
  ...state(),
  ...postgres(),
  ...owners(),
  ...destroy(platform),
  ...company(platform),
  ...power(platform),
  ...disk(platform),
  ...machine(),
  ...line(platform),
];
