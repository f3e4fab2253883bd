import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { caseFile, serverCases } from '../support';

const PARTS = ['device/system/conf-grammar.sh', 'lib/platforms/apf/program/text.sh'];

/** What the device program says of a text, which it takes where it says nothing. */
const strange = (text: string): string =>
  execFileSync('sh', ['-c', `${PARTS.map((part) => `. ./${part}`).join('; ')}; apf_strange ca-hosting`], { input: text, encoding: 'utf8' });

const cases = serverCases().filter(([name]) => existsSync(caseFile(name, 'apf.golden')));

it.each(cases)('the device takes what is written for %s', (name) => {
  const text = readFileSync(caseFile(name, 'apf.golden'), 'utf8').replace(/^#.*\n/, '');
  expect(strange(text)).toBe('');
  expect(strange(text.replace('EGF="0"', 'EGF="1"'))).toBe('text-value\n');
});
