// Tests the agent's report on firewall rules that cPanel's own program (configure_firewall_for_cpanel) adds: `facts`
// and `read` tell whether it does, also under firewalld, and nothing without cPanel. Runs on a test device with the
// real nft.

import { underShells } from '../under-shell';
import { DEVICE_SHELLS } from '../../tier';
import { KEY, NEVER, rulesSaid } from './expect-rules-report';

jest.setTimeout(60_000);

underShells(DEVICE_SHELLS, 'the report whether cPanel adds rules of its own', (under) => {
  const { run } = under;
  const { FILE, said, withFile } = rulesSaid(under);

  test('facts and read report it, and report nothing without cPanel', () => {
    expect([said(), said('read')]).toEqual(['', '']);
    run(`echo ${KEY}=1 >${FILE}`);
    expect([said(), said('read')]).toEqual(['|skipped\n', '|skipped\n']);
  });

  test.each([
    ['CRLF line ends', `${KEY}=0\r\n${KEY}=1\r\n`, '|skipped\n'],
    ['an unknown value', `${KEY}=1\n${KEY}=${NEVER}\n`, ''],
    [
      'lines that look like the agent’s results',
      `cpanel-edge: ok ${NEVER}\n${KEY}=1\ncpanel-edge: section legacy\n`,
      '|skipped\n',
    ],
  ])('%s', (_, text, expected) => expect(withFile(text)).toBe(expected));

  test.each([
    ['a pipe without a writer', `mkfifo ${FILE}`, ''],
    ['zeros without an end', `ln -s /dev/zero ${FILE}`, ''],
    ['a link to the file', `echo ${KEY}=1 >/var/cpanel/real; ln -s real ${FILE}`, '|skipped\n'],
  ])('%s', (_, made, expected) => {
    run(made);
    expect(said()).toBe(expected);
  });

  test('reports nothing if the line alone is gone, because cPanel restores the value from its cache', () => {
    run(`echo skipfirewall=0 >${FILE}; echo '{"${KEY}":"1"}' >${FILE}.cache`);
    expect(said()).toBe('');
    run(`echo ${KEY}=0 >>${FILE}`);
    expect(said()).toBe('|added\n');
  });

  test('under firewalld reports the service of a zone, whatever the settings are', () => {
    // The answer of systemctl for a unit that runs.
    run(`echo ${KEY}=1 >${FILE}; : >/run/cpanel-edge/timer-firewalld.service`);
    expect(said()).toBe('|zone\n');
    run(`rm ${FILE}`);
    expect(said()).toBe('');
  });
});
