// Tests cPanel settings that the agent writes beside the NAT file: if a person changed a value, the next delivery
// corrects it, and a removal leaves it. Runs on a test device with the real nft.

import { SOURCES, onCpanel, says, server } from './cpnat-host';
import { CONFIRMED } from '../under-shell';

jest.setTimeout(90_000);

const LOCAL = '/var/cpanel/conf/pureftpd/local';

onCpanel("settings beside cPanel's NAT file", ({ run, step, delivered, gone }) => {
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

  test('keeps at a removal a value that was changed by hand', () => {
    delivered(server(SET));
    run(`sed -i 's/50100/50200/' ${LOCAL}; echo 'A: b' >>${LOCAL}`);
    gone();
    expect(files()).toBe('PassivePortRange: 50000 50200\nA: b\n');
  });

  test('a repeated delivery corrects a value that was changed by hand', () => {
    delivered(server(SET));
    expect(step('upload', server(SET))).toBe('ok running');
    run(`: >${SOURCES}`);
    expect(delivered(server(SET))).toEqual(CONFIRMED);
    expect(files()).toContain('MYIP=https://ip.example:8443/v1/\n');
  });
});
