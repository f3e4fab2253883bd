import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { caseFile, serverCases } from '../support';

const PARTS = ['device/machine/claims.sh', 'lib/platforms/firewalld/program/text.sh'];

/** What the device program says of a text, which it takes where it says nothing. */
const strange = (text: string): string =>
  execFileSync('sh', ['-c', `${PARTS.map((part) => `. ./${part}`).join('; ')}; firewalld_strange cf-hosting`], {
    input: text,
    encoding: 'utf8',
  });

const cases = serverCases().filter(([name]) => existsSync(caseFile(name, 'firewalld.golden')));

it.each(cases)('the device takes what is written for %s', (name) => {
  const text = readFileSync(caseFile(name, 'firewalld.golden'), 'utf8').replace(/^#.*\n/, '');
  expect(strange(text)).toBe('');
  expect(strange(text.replace('"DROP"', '"ACCEPT"').replace('"CONTINUE"', '"ACCEPT"'))).toBe('text-target\n');
});
