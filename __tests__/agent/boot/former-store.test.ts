// Tests a boot after a backup restored files of the agent's first versions: no removed owner's release comes back.
// Runs on a test device with the real nft.

import { CONFIRMED, gateway, wordOf } from '../under-shell';
import { atNextStart } from './next-start';

jest.setTimeout(90_000);

// Restores the store in /var/lib of the agent's first versions, as a backup does.
atNextStart('a store in /var/lib', ({ run, word, program, delivered, retract, says, ports, restarted }) => {
  const former = '/var/lib/cpanel-edge';
  beforeEach(() => {
    expect(delivered(gateway(1001))).toEqual(CONFIRMED);
    run(`mkdir -m 700 ${former}.backup && cp -a /etc/cpanel-edge/gateway-web ${former}.backup/`);
    expect(wordOf(retract())).toBe('ok retracted');
    run(`mv ${former}.backup ${former}`);
  });
  afterEach(() => void run(`rm -rf ${former}`));

  test('loads no release of an owner that was removed', () => {
    expect(program('status')).toMatch(/^cpanel-edge: ok status/);
    expect([restarted(), word('rules'), word('service start 2>/dev/null'), ports()]).toEqual([
      'ok loaded',
      'ok loaded',
      'ok start',
      [],
    ]);
    run('rm -rf /etc/cpanel-edge/* /run/cpanel-edge/*');
    expect([restarted(), says('state'), ports()]).toEqual(['ok loaded', 'nothing said', []]);
    expect(run(`ls ${former}`)).toBe('gateway-web\n');
  });
});
