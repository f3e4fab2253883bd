// Returns the problems, or their codes, with which the pfSense generator refuses a policy. Also the public and the
// internal address of the samples.

import { generator } from '../../../../lib/platforms/pfsense/generate/generator';
import { problemsOf } from '../../../problems';

// Returns the problems with which a policy is refused.

export const problems = (policy: Parameters<typeof generator.write>[0], captured?: string) =>
  problemsOf(() => generator.write(policy, captured));
export const codes = (policy: Parameters<typeof generator.write>[0], captured?: string): readonly string[] =>
  problems(policy, captured).map(({ code }) => code);

export const P = '203.0.113.10';
export const I = '10.0.0.10';
