// Returns the exposure report on a synthesized stack of given policies, for tests.

import { Policy } from '../../lib/policy/policy';
import { ExposureOptions, parseQuestion } from '../../lib/exposure/answer/question';
import { STACK_FORM, createExposureReport } from '../../lib/exposure/create-exposure-report';
import { NO_FACTS } from '../../lib/exposure/facts/device-facts';
import { ExposureReport } from '../../lib/exposure/report/exposure-report-types';
import { recorded } from '../review/samples';

/** Returns the report of the command `exposure` on a stack. */
export function stack(policies: readonly Policy[], asking: ExposureOptions = {}): ExposureReport {
  const releases = policies.map((policy) => ({ ...policy, ...recorded(policy) }));
  return createExposureReport(
    [{ is: 'releases', name: 'stack', formatLabel: STACK_FORM, releases, unknowns: [], omittedLines: [] }],
    NO_FACTS,
    parseQuestion(asking),
  );
}
