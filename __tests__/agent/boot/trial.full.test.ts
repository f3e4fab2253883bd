// Tests further cases of trial.test.ts, for the full test run: /run emptied, our unit started again, a retract without
// the timer, a confirm that was cut off, and the empty table of a first release that was rolled back. Runs on a test
// device with the real nft.

import { Sent, sent, tableText } from '../stream';
import { CONFIRMED, gateway, wordOf } from '../under-shell';
import { HOME, VIP, atNextStart } from './next-start';

jest.setTimeout(90_000);

atNextStart(
  'an armed release at a boot',
  ({ run, program, word, step, delivered, beforeEachAs, retract, says, ports, addresses }) => {
    const OTHER = { ...VIP, address: '203.0.113.11/32' } as const;

    describe('is never loaded again', () => {
      const armed = (): Sent => {
        const two = sent({ text: tableText(1002), addresses: [VIP, OTHER] });
        expect(delivered(two, ['upload', 'check', 'arm'])).toEqual(CONFIRMED.slice(0, 3));
        expect([ports(), addresses()]).toEqual([['1002'], ['203.0.113.10', '203.0.113.11']]);
        return two;
      };
      beforeEachAs(() => expect(delivered(sent({ text: tableText(1001), addresses: [VIP] }))).toEqual(CONFIRMED));

      test('if /run was emptied: the next delivery rolls it back, with its addresses', () => {
        const two = armed();
        run('rm -rf /run/cpanel-edge/*');
        expect(step('confirm', two)).toBe('refused not-armed');
        expect(says('state')).toBe('undoing');
        expect(step('upload', gateway(1003))).toBe('ok uploaded');
        expect([ports(), addresses()]).toEqual([['1001'], ['203.0.113.10']]);
      });

      test('but stays armed if the agent’s unit is only started again', () => {
        const two = armed();
        expect([word('boot'), ports()]).toEqual(['ok loaded', ['1002']]);
        expect(step('confirm', two)).toBe('ok confirmed');
      });

      test('is ended by a removal if its timer is gone', () => {
        armed();
        run('rm /run/cpanel-edge/timer-*');
        expect(wordOf(retract())).toBe('ok retracted');
        expect([ports(), addresses()]).toEqual([[], []]);
      });
    });

    test('a confirm that was interrupted after its decision delays no later command', () => {
      const release = gateway(1001);
      delivered(release, ['upload', 'check', 'arm']);
      run(`mv ${HOME}/armed-* ${HOME}/release`);
      expect(step('rollback', release)).toBe('refused already-confirmed');
      expect(run('ls /run/cpanel-edge')).not.toMatch(/trial|delivering|timer/);
      expect(delivered(gateway(1002))).toEqual(CONFIRMED);
      const next = gateway(1003);
      delivered(next, ['upload', 'check', 'arm']);
      run(`mv ${HOME}/armed-* ${HOME}/release; sed -i 's/[0-9]*$/0/' /run/cpanel-edge/delivering`);
      expect(step('upload', gateway(1004))).toBe('ok uploaded');
    });

    test('a boot removes the empty table of a first release that was rolled back, also if nftables.service starts before', () => {
      const release = gateway(1001);
      delivered(release, ['upload', 'check', 'arm', 'rollback']);
      run('nft flush ruleset; rm -rf /run/cpanel-edge/*');
      program('rules');
      expect([word('boot'), run('nft list ruleset')]).toEqual(['ok loaded', '']);
      expect(delivered(gateway(1002))).toEqual(CONFIRMED);
    });
  },
);
