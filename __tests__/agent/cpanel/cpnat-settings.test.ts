// Tests that the agent writes cPanel settings (MYIP, passive FTP) beside the NAT file, each at its place, and restores
// the former values at a removal, also if the files were missing. Runs on a test device with the real nft.

import { SOURCES, onCpanel, says, server } from './cpnat-host';
import { CONFIRMED } from '../under-shell';
import { addFullRows } from '../../tier';

jest.setTimeout(90_000);

const LOCAL = '/var/cpanel/conf/pureftpd/local';

onCpanel("settings beside cPanel's NAT file", ({ run, word, delivered, refusal, gone }) => {
  const PAIR = says('10.0.0.5 203.0.113.5');
  const SET = [
    ...PAIR,
    'set myip https://ip.example:8443/v1/',
    'set ftp-address 203.0.113.5',
    'set ftp-ports 50000 50100',
  ];
  const files = (): string => run(`cat ${SOURCES} ${LOCAL} 2>&1`).replace(/^cat: .*\n/gm, '');
  beforeEach(() => void run(`mkdir -p ${LOCAL.slice(0, -6)}; rm -f ${SOURCES}`));
  afterEach(() => void run(`rm -f ${SOURCES}`));

  test('writes one line per setting in its place, and restores the former values', () => {
    run(
      `printf 'HTTPUPDATE=a\\nMYIP=http://b/\\nMYIP=http://c/\\nX=1' >${SOURCES}; printf -- '---\\nForcePassiveIP: 192.0.2.1\\nPassivePortRange:\\n' >${LOCAL}; chmod 600 ${LOCAL}`,
    );
    const before = files();
    expect(delivered(server(SET))).toEqual(CONFIRMED);
    expect(files()).toBe(
      'HTTPUPDATE=a\nMYIP=https://ip.example:8443/v1/\nX=1\n---\nForcePassiveIP: 203.0.113.5\nPassivePortRange: 50000 50100\n',
    );
    expect(run(`stat -c %a ${LOCAL}`)).toBe('600\n');
    gone();
    expect(files()).toBe(before.replace('X=1', 'X=1\n'));
  });

  test('removes files that were not there before, and one setting alone', () => {
    delivered(server(SET));
    expect(files()).toBe(
      'MYIP=https://ip.example:8443/v1/\nForcePassiveIP: 203.0.113.5\nPassivePortRange: 50000 50100\n',
    );
    expect(delivered(server([...PAIR, 'set ftp-address 203.0.113.6']))).toEqual(CONFIRMED);
    expect(files()).toBe('ForcePassiveIP: 203.0.113.6\n');
    gone();
    expect(run(`ls ${SOURCES} ${LOCAL} 2>&1`)).not.toMatch(/^\//m);
  });

  test.each(
    addFullRows(
      [['a link', `ln -s /etc/passwd ${SOURCES}`, SOURCES]],
      [['no folder', `rm -r ${LOCAL.slice(0, -6)}`, LOCAL]],
    ),
  )('refuses: %s', (_, made, which) => {
    run(made);
    expect(refusal(server(SET))).toBe(`cpanel-edge: refused cpanel-file-odd file=${which}`);
  });

  test.each(
    addFullRows(
      ['set myip https://ip.example/$(id)'],
      ['set myip https://user:secret@ip.example/', 'set ftp-ports 5', 'set other 1', 'set myip ftp://a/'],
    ),
  )('takes for no setting: %s', (line) =>
    expect(word(server([...PAIR, line]).upload, server([...PAIR, line]).file)).toBe('refused upload-damaged'),
  );
});
