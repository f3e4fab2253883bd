// Tests that the agent accepts every release that the generator for firewalld makes of the server cases. Runs only the
// agent's shell functions that check a text, on no device.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { drawCases } from '../../randomly';
import { caseFile, serverCases } from '../../support';

const PARTS = [
  'agent/protocol/check-release.sh',
  'agent/protocol/owned-prefixes.sh',
  'lib/platforms/firewalld/agent/text.sh',
];

/** The last line that the agent prints about a text: accepted with its number of lines, or a fault. */
const strange = (text: string): string =>
  execFileSync(
    'sh',
    ['-c', `${PARTS.map((part) => `. ./${part}`).join('; ')}; checked_sum=sum; firewalld_strange cf-hosting`],
    {
      input: text,
      encoding: 'utf8',
    },
  );

test('a set never has a policy’s name, whatever the owner is called', () => {
  const said = execFileSync(
    'sh',
    [
      '-c',
      `${PARTS.map((part) => `. ./${part}`).join('; ')}; printf '%s\\n' cf-web-in cf-web-4-0af3 cf-web-4-in cf-web-4-4-0af3 | grep -Ex "$(firewalld_files cf-web)"`,
    ],
    { encoding: 'utf8' },
  );
  expect(said).toBe('cf-web-in\ncf-web-4-0af3\n');
});

const cases = serverCases().filter(([name]) => existsSync(caseFile(name, 'firewalld.golden')));

it.each(drawCases(cases, 3))('the agent accepts the text generated for %s', (name) => {
  const text = readFileSync(caseFile(name, 'firewalld.golden'), 'utf8').replace(/^#.*\n/, '');
  expect(strange(text)).toBe(`passed sum ${text.split('\n').length - 1}\n`);
  expect(strange(text.replace('"DROP"', '"ACCEPT"').replace('"CONTINUE"', '"ACCEPT"'))).toBe('text-target\n');
});
