// Tests the agent's check whether a cPanel server reaches itself by its public addresses: which port and which lines
// of the NAT file it takes, which Perl runs it, and when it asks nothing. Runs on a test device with the real nft.

import { underShell, underShells } from '../under-shell';
import { DEVICE_SHELLS } from '../../tier';
import { CPNAT, CONFIG, server } from './asks-itself';

jest.setTimeout(60_000);

underShells(DEVICE_SHELLS, 'the check whether a server reaches itself by its public addresses', (device, shell) => {
  const { heard, asks } = server(device, shell);

  test('uses the first port on which a program listens', () => {
    const lines = ['10.0.0.10 198.51.100.10', '10.0.0.11 198.51.100.11'];
    expect(heard(lines, '80,443')).toEqual([
      'pair 10.0.0.10 198.51.100.10 443 itself',
      'pair 10.0.0.11 198.51.100.11 - unheard',
    ]);
    expect(heard(lines.slice(0, 1), '99999,53,443')).toEqual(['pair 10.0.0.10 198.51.100.10 53 itself']);
  });

  test('uses no line of the file that lacks an address, repeats one, or translates nothing', () => {
    const odd = [
      '10.0.0.10',
      '10.0.0.10 10.0.0.10',
      ' 10.0.0.10 198.51.100.10',
      '#10.0.0.10 198.51.100.10',
      '10.0.0.10 localhost',
    ];
    const numbers = [
      '10.0.0.10 198.51.100.256',
      '10.0.0.10 198.51.100',
      '10.0.0.10 1.1.1.1.1',
      '10.0.0.10 ::1',
      '10.0.0.10 $(reboot)',
    ];
    expect(heard([...odd, ...numbers])).toEqual([]);
    expect(heard([...odd, '10.0.0.10 198.51.100.10 x', '10.0.0.10\t198.51.100.10', ...numbers])).toEqual([
      'pair 10.0.0.10 198.51.100.10 53 itself',
    ]);
  });

  test('reports nothing without cPanel, and if it isn’t asked', () => {
    expect(heard([])).toEqual([]);
    device.run(`rm ${CONFIG}; echo 10.0.0.10 198.51.100.10 >${CPNAT}`);
    expect(asks()).toMatch(/section loopback\ncpanel-edge: ok look$/);
    expect(asks('port 53')).not.toContain('section loopback');
  });
});

describe('the choice of Perl', () => {
  const device = underShell();
  const { heard } = server(device);
  const pair = ['10.0.0.10 198.51.100.10'];

  test('uses cPanel’s own Perl, with a fixed environment', () => {
    device.run(
      'mkdir -p /usr/local/cpanel/3rdparty/bin; cat >/usr/local/cpanel/3rdparty/bin/perl; chmod +x /usr/local/cpanel/3rdparty/bin/perl',
      '#!/bin/sh\nenv\ncat >/dev/null\n',
    );
    expect(heard(pair).filter((line) => !/^(PWD|_|SHLVL)=/.test(line))).toEqual([]);
    device.run('cat >/usr/local/cpanel/3rdparty/bin/perl', '#!/bin/sh\necho pair\nexit 1\n');
    expect(heard(pair)).toEqual(['failed']);
    device.run('rm -r /usr/local/cpanel/3rdparty');
  });
});
