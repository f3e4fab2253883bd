// Helpers for the tests of `doctor`: print the diagnosis on the sample devices (samples.ts), and make or edit the
// rules that these devices run.

import { printDiagnosis } from '../../../driver/doctor/print-diagnosis';
import { Asked, MAIL, holdersOf, lookAt, walk } from './samples';

export const said = (asked: Asked): string => {
  const { one, found } = walk(asked);
  return printDiagnosis(one, found, { result: 'timed out' }).join('\n');
};

export const table = (chain: string): string => `table ip foreign {\n\tchain one {\n${chain}\n\t}\n}\n`;
export const [gatewayHolder, serverHolder] = holdersOf(MAIL) as [
  ReturnType<typeof holdersOf>[number],
  ReturnType<typeof holdersOf>[number],
];
export const gatewayRules = lookAt(gatewayHolder).ruleset;
export const serverRules = lookAt(serverHolder).ruleset;
export const withoutLine = (rules: string, pattern: RegExp): string =>
  rules
    .split('\n')
    .filter((line) => !pattern.test(line))
    .join('\n');
