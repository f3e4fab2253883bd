// Tests that the agent accepts every release that the generator for APF makes of the server cases. Runs only the
// agent's shell functions that check a text, on no device.

import { execFileSync } from 'node:child_process';
import { getPlatform } from '../../../lib/verifier/verify-policy';
import { madeOf } from '../../policy/adapt-to-platform';
import { drawCases } from '../../randomly';
import { caseWish, compiled, serverCases } from '../../support';

const PARTS = ['agent/protocol/check-release.sh', 'agent/system/conf-grammar.sh', 'lib/platforms/apf/agent/text.sh'];

/** The last line that the agent prints about a text: accepted with its number of lines, or a fault. */
const strange = (text: string, prefix: string): string =>
  execFileSync(
    'sh',
    [
      '-c',
      `iptables_families() { :; }; ${PARTS.map((part) => `. ./${part}`).join('; ')}; checked_sum=sum; apf_as ${prefix}-; apf_strange ${prefix}-hosting`,
    ],
    { input: text, encoding: 'utf8' },
  );

const cases = serverCases();
const versions = [
  ['9.7', 'ca'],
  ['2.0.2', 'cu'],
] as const;

it.each(
  drawCases(
    versions.flatMap((version) => cases.map(([name]) => [name, ...version] as const)),
    8,
  ),
)('the agent accepts the text generated for %s, of %s', (name, version, prefix) => {
  const policy = { ...compiled(caseWish(name), 'apf').policies[0]!, version };
  const text = madeOf(() => getPlatform(policy).generator.write(policy)).made?.text ?? '';
  if (text === '') return;
  expect(strange(text, prefix)).toBe(`passed sum ${text.split('\n').length - 1}\n`);
  expect(strange(text.replace('EGF="0"', 'EGF="1"'), prefix)).toBe('text-value\n');
  expect(strange(text, prefix === 'ca' ? 'cu' : 'ca')).toBe('text-begin\n');
});
