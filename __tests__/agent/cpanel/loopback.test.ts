// Tests the agent's check whether a cPanel server reaches itself by its public addresses: it reports the addresses
// that lead back, those that another host answers, and those without an answer; sixteen at most. Runs on a test device
// with the real nft.

import { underShell, underShells } from '../under-shell';
import { DEVICE_SHELLS, addFullRows } from '../../tier';
import { server } from './asks-itself';

jest.setTimeout(60_000);

underShells(DEVICE_SHELLS, 'the check whether a server reaches itself by its public addresses', (device, shell) => {
  const { heard, asks } = server(device, shell);

  test('reports which addresses lead back, which another host answers, and which have no answer', () => {
    expect(
      heard([
        '10.0.0.10 198.51.100.10',
        '10.0.0.11 198.51.100.11',
        '10.0.0.10 198.51.100.12',
        '10.0.0.10 198.51.100.13',
        '10.0.0.10 198.51.100.14',
        '10.0.0.77 198.51.100.10',
        '10.0.0.10 198.51.100.15',
      ]),
    ).toEqual([
      'pair 10.0.0.10 198.51.100.10 53 itself',
      'pair 10.0.0.10 198.51.100.12 53 unreachable',
      'pair 10.0.0.10 198.51.100.13 53 refused',
      'pair 10.0.0.10 198.51.100.14 53 unreachable',
      'pair 10.0.0.10 198.51.100.15 53 silent',
      'pair 10.0.0.11 198.51.100.11 53 answered',
      'pair 10.0.0.77 198.51.100.10 - foreign',
    ]);
  });

  test('checks sixteen addresses, and reports that there are more', () => {
    const said = heard(Array.from({ length: 40 }, (_, n) => `10.0.0.77 198.51.100.${n + 20}`));
    expect([said.length, said[0], said.at(-1)]).toEqual([17, 'more', 'pair 10.0.0.77 198.51.100.35 - foreign']);
  });

  test.each(
    addFullRows(['53;reboot', '53,'], ['53 80', '0', '$(reboot)', '198.51.100.10', Array(40).fill('53').join(',')]),
  )('checks nothing: %s', (ports) =>
    expect(asks(`loopback ${ports}`)).toBe('cpanel-edge: refused wrong-argument question'),
  );
});

describe('the choice of Perl', () => {
  const device = underShell();
  const { heard } = server(device);
  const pair = ['10.0.0.10 198.51.100.10'];

  test('reports a missing Perl', () => {
    device.device().replace('/usr/bin/perl', '/dev/null');
    expect(heard(pair)).toEqual(['no-perl']);
  });
});
