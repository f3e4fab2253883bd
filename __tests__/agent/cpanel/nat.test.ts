// Tests the agent's report on cPanel's NAT file (/var/cpanel/cpnat): absent, empty, or its lines, divided as cPanel
// divides them, without text that is no address; and on the MYIP page and the passive FTP settings beside it. Runs on a
// test device with the real nft.

import { underShells } from '../under-shell';
import { DEVICE_SHELLS, addFullRows } from '../../tier';
import { NEVER, CPNAT, SOURCES, FTPD, natSaid } from './expect-nat-report';

jest.setTimeout(60_000);

underShells(DEVICE_SHELLS, "the report on public addresses in cPanel's files", (under) => {
  const { run } = under;
  const { said, withCpnat } = natSaid(under);

  test('reports nothing without cPanel, and an absent or empty file', () => {
    run(`echo 10.0.0.5 203.0.113.5 >${CPNAT}`);
    expect([said(), said('read')]).toEqual(['', '']);
    expect(withCpnat('')).toBe('cpnat empty\n');
    run(`rm ${CPNAT}`);
    expect([said(), said('read')]).toEqual(['cpnat absent\n', 'cpnat absent\n']);
  });

  const LINES: readonly (readonly [string, string])[] = [
    ['10.0.0.5 203.0.113.5', '10.0.0.5 203.0.113.5'],
    ['10.0.0.5 ', '10.0.0.5 -'],
    ['10.0.0.5\t 203.0.113.5 more', '10.0.0.5 203.0.113.5'],
    ['10.0.0.5 203.0.113.5\r', '10.0.0.5 203.0.113.5'],
    ['10.0.0.6\r', '10.0.0.6 -'],
    [' 10.0.0.5 203.0.113.5', '- 10.0.0.5'],
    ['\t10.0.0.6', '- 10.0.0.6'],
    ['#10.0.0.5 203.0.113.5', '#10.0.0.5 203.0.113.5'],
    ['2001:db8::5 2001:DB8::6', '2001:db8::5 2001:DB8::6'],
    ['', '- -'],
    [`${NEVER} ${NEVER}`, '? ?'],
    [`10.0.0.5 ${NEVER}`, '10.0.0.5 ?'],
    [`# ${NEVER}`, '? ?'],
    [`cpanel-edge: ok ${NEVER}`, '? ?'],
    [`${'1'.repeat(500)} 203.0.113.5`, '? 203.0.113.5'],
    ['5f4dcc3b5aa765d61d8327deb882cf99 5f4dcc3b', '? ?'],
    ['10.0.0.9 203.0.113.9', '10.0.0.9 203.0.113.9'],
  ];
  test('reports the lines as cPanel divides them, and no text that isn’t an address', () => {
    const expected = LINES.map(([, shown], i) => `line ${i + 1} ${shown}\n`).join('');
    expect(withCpnat(LINES.map(([line]) => line).join('\n'))).toBe(`cpnat there\n${expected}`);
  });

  test.each(
    addFullRows(
      [
        ['a pipe without a writer', `mkfifo ${CPNAT}`],
        ['zeros without an end', `ln -s /dev/zero ${CPNAT}`],
      ],
      [
        ['a link to nowhere', `ln -s /nowhere ${CPNAT}`],
        ['a folder', `mkdir ${CPNAT}`],
        ['more than a file of addresses ever has', `head -c 2000000 /dev/zero >${CPNAT}`],
      ],
    ),
  )('reports as unknown: %s', (_, made) => {
    run(`: >/var/cpanel/cpanel.config; ${made}`);
    expect(said()).toBe('cpnat unknown\n');
  });

  test.each([
    [
      [
        'HTTPUPDATE=x',
        'MYIP=https://ifconfig.example/ip',
        'MYIP=http://192.0.2.9:8080/v1.0/',
        `#MYIP=http://${NEVER}/`,
      ],
      [
        '# PassivePortRange 1 2',
        'PassivePortRange          49152 65534',
        `Bind ${NEVER}`,
        'ForcePassiveIP\t203.0.113.5',
      ],
      'myip 192.0.2.9\npure-ftpd there\npassiveportrange 49152 65534\nforcepassiveip 203.0.113.5\n',
    ],
    [
      [`MYIP=https://user:${NEVER}@ip.example/${NEVER}?key=${NEVER}`],
      ['passiveportrange 1 2', 'PASSIVEPORTRANGE 3 4', `PassivePortRange ${NEVER} 5`, `ForcePassiveIP ${NEVER}`],
      'myip ip.example\npure-ftpd there\npassiveportrange 3 4\nforcepassiveip ?\n',
    ],
    [[`MYIP=${NEVER}`], [`#ForcePassiveIP 203.0.113.5`], 'myip ?\npure-ftpd there\n'],
    [
      [`MYIP=http://me:a@${NEVER}@ip.example/`],
      ['ForcePassiveIP 5f4dcc3b5aa765d6'],
      'myip ip.example\npure-ftpd there\nforcepassiveip ?\n',
    ],
    [[`MYIP=http://me:a/${NEVER}@ip.example/`], [], 'myip ?\npure-ftpd there\n'],
  ])('reports the MYIP host and Pure-FTPd’s settings by the last line of each', (sources, ftpd, expected) => {
    run(`: >/var/cpanel/cpanel.config; cat >${SOURCES}`, sources.join('\n'));
    run(`cat >${FTPD}`, `${ftpd.join('\n')}\n`);
    expect(said()).toBe(`cpnat absent\n${expected}`);
  });
});
