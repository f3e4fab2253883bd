import { Policy } from '../../lib/policy/policy';
import { Asking, asked } from '../../lib/exposure/answer/question';
import { STACK, exposureReport } from '../../lib/exposure/exposed';
import { NO_FACTS } from '../../lib/exposure/facts/facts';
import { ExposureReport } from '../../lib/exposure/report/report';
import { recorded } from '../review/samples';

/** Returns the report of the command `exposure` on a stack. */
export function stack(policies: readonly Policy[], asking: Asking = {}): ExposureReport {
  const releases = policies.map((policy) => ({ ...policy, ...recorded(policy) }));
  return exposureReport(
    [{ is: 'releases', name: 'stack', form: STACK, releases, doubts: [], leftOut: [] }],
    NO_FACTS,
    asked(asking),
  );
}
