import { CONFIRMED, gateway, wordOf } from '../under-shell';
import { atNextStart } from './next-start';

jest.setTimeout(90_000);

atNextStart('a store of the old place', ({ run, program, word, delivered, beforeEachAs, retract, says, ports, restarted, readOnly }) => {
  const old = '/var/lib/cpanel-edge';
  beforeEachAs(() => expect(delivered(gateway(1001))).toEqual(CONFIRMED));
  beforeEach(() => void run(`mkdir -m 700 ${old} && mv /etc/cpanel-edge/* ${old}/`));
  afterEach(() => void run(`rm -rf ${old}`));
  test('is moved by a boot, without what was on trial in it', () => {
    run(`cp ${old}/gateway-web/release ${old}/gateway-web/armed-abcdef0123456789`);
    expect([restarted(), ports(), says('state')]).toEqual(['ok loaded', ['1001'], 'confirmed']);
  });
  test('is used by nftables.service, too', () => {
    readOnly(() => expect([word('service start 2>/dev/null'), ports()]).toEqual(['ok start', ['1001']]));
    run('rmdir /etc/cpanel-edge');
    readOnly(() => expect([word('service start 2>/dev/null'), ports()]).toEqual(['ok start', ['1001']]));
  });
  test('does not come back where it could not be taken away', () => {
    run('mount -o remount,ro /var/lib');
    expect(says('state')).toBe('confirmed');
    expect(wordOf(retract())).toBe('ok retracted');
    expect([program('status'), ports()]).toEqual([expect.stringMatching(/^cpanel-edge: ok status/), []]);
    expect(run(`ls ${old}`)).toContain('gateway-web');
    run('mount -o remount,rw /var/lib');
    expect([program('status'), run(`ls -d ${old} /etc/cpanel-edge/moved 2>&1`)]).toEqual([
      expect.stringMatching(/^cpanel-edge: ok status/),
      expect.not.stringMatching(/^\//m),
    ]);
  });
});
