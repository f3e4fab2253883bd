// Tests that a release on trial (armed, not confirmed) never stays: at a boot that can write nothing, with /run full,
// and at the next command of any kind if its timer is gone. Further cases: trial.full.test.ts. Runs on a test device
// with the real nft.

import { Sent, sent, tableText } from '../stream';
import { CONFIRMED, gateway } from '../under-shell';
import { VIP, atNextStart } from './next-start';
import { addFullRows } from '../../tier';

jest.setTimeout(90_000);

atNextStart(
  'an armed release at a boot',
  ({ run, program, word, step, delivered, beforeEachAs, says, ports, addresses, restarted, readOnly }) => {
    const OTHER = { ...VIP, address: '203.0.113.11/32' } as const;

    describe('is never loaded again', () => {
      const armed = (): Sent => {
        const two = sent({ text: tableText(1002), addresses: [VIP, OTHER] });
        expect(delivered(two, ['upload', 'check', 'arm'])).toEqual(CONFIRMED.slice(0, 3));
        expect([ports(), addresses()]).toEqual([['1002'], ['203.0.113.10', '203.0.113.11']]);
        return two;
      };
      beforeEachAs(() => expect(delivered(sent({ text: tableText(1001), addresses: [VIP] }))).toEqual(CONFIRMED));

      test('if the boot could write nothing, not even when rules or addresses are loaded again', () => {
        const two = armed();
        readOnly(() => {
          expect([restarted(), ports()]).toEqual(['ok loaded', ['1001']]);
          program('addresses');
          expect(addresses()).toEqual(['203.0.113.10']);
          // The host's own service starts without a failure if all rules run.
          expect([word('service start 2>/dev/null'), word('rules 2>/dev/null')]).toEqual(['ok start', 'ok loaded']);
          expect([ports(), says('armed'), says('runs')]).toEqual([['1001'], 'none', 'release']);
          expect(step('confirm', two)).toBe('refused not-armed');
        });
        expect(delivered(sent({ text: tableText(1003), addresses: [VIP] }))).toEqual(CONFIRMED);
        expect([ports(), addresses()]).toEqual([['1003'], ['203.0.113.10']]);
      });

      test('if /run is full: the arm has reserved the room that a rollback needs', () => {
        const two = armed();
        run('mount -o remount,size=400k /run/cpanel-edge; cat /dev/zero >/run/cpanel-edge/filling');
        try {
          expect(run('df --output=avail /run/cpanel-edge')).toMatch(/\n *0\n/);
          expect(step('rollback', two)).toBe('ok rolled-back');
          expect([ports(), addresses(), says('state')]).toEqual([['1001'], ['203.0.113.10'], 'confirmed']);
        } finally {
          run('rm /run/cpanel-edge/filling; mount -o remount,size=50% /run/cpanel-edge');
        }
        // A pipe, left by a killed reload of firewalld, isn't measured as a file.
        const four = gateway(1004);
        expect(delivered(four, ['upload', 'check'])).toEqual(CONFIRMED.slice(0, 2));
        const arms = `timeout 250 sh /usr/local/sbin/cpanel-edge-device arm ${four.identity} 300`;
        expect(
          run(`mkfifo /run/cpanel-edge/gateway-web.shut; ${arms}; rm /run/cpanel-edge/gateway-web.shut`),
        ).toContain('ok armed');
        expect(step('rollback', four)).toBe('ok rolled-back');
        // A release that was never armed keeps no room reserved. Without room nothing is armed.
        expect(run('ls /run/cpanel-edge')).not.toContain('room');
        run('mount -o remount,size=64k /run/cpanel-edge');
        expect(delivered(gateway(1003), ['upload', 'check', 'arm', 'rollback'])).toEqual([
          'ok uploaded',
          'ok checked',
          'refused folder-not-writable',
          'ok rolled-back',
        ]);
        run('mount -o remount,size=50% /run/cpanel-edge');
        expect([ports(), addresses(), says('armed'), run('ls /run/cpanel-edge | grep room')]).toEqual([
          ['1001'],
          ['203.0.113.10'],
          'none',
          '',
        ]);
        expect(delivered(gateway(1003))).toEqual(CONFIRMED);
        expect(run('ls /run/cpanel-edge')).not.toContain('room');
      });

      test.each(
        addFullRows(
          [
            [
              'no inode',
              'mount -o remount,nr_inodes=$(($(df --output=iused /run/cpanel-edge | tail -n 1) + 9)) /run/cpanel-edge; n=0; while touch /run/cpanel-edge/filling-$n 2>/dev/null; do n=$((n + 1)); done',
            ],
          ],
          [['no byte', 'mount -o remount,size=400k /run/cpanel-edge; cat /dev/zero >/run/cpanel-edge/filling']],
        ),
      )('if /run has %s left, and status reports it correctly', (_, fills) => {
        const two = armed();
        try {
          run(fills);
          expect([says('rules'), says('state'), says('armed')]).toEqual([
            'as-loaded',
            'armed',
            two.identity.split(' ').at(-1),
          ]);
          expect(program('read').split('\n').at(-1)).toBe(
            'cpanel-edge: refused folder-not-writable folder=/run/cpanel-edge',
          );
          expect(step('rollback', two)).toBe('ok rolled-back');
          expect([ports(), addresses(), says('state')]).toEqual([['1001'], ['203.0.113.10'], 'confirmed']);
        } finally {
          run('rm -f /run/cpanel-edge/filling*; mount -o remount,size=50%,nr_inodes=100000 /run/cpanel-edge');
        }
      });

      test.each(
        addFullRows(
          [['a start that keeps /run and the kernel’s rules (systemctl soft-reboot)', () => word('boot'), 'ok loaded']],
          [
            ['the next delivery', () => step('upload', gateway(1003)), 'ok uploaded'],
            [
              "another owner's delivery",
              () => step('upload', sent({ owner: 'blog', text: tableText(1003, 'cpanel_edge_blog') })),
              'ok uploaded',
            ],
            ['forget', () => word('forget gateway web lease-1'), 'ok forgotten'],
            ['its own rollback', undefined, 'ok rolled-back'],
          ],
        ),
      )('is rolled back by %s if its timer is gone', (_, finds, says_) => {
        const two = armed();
        run('rm /run/cpanel-edge/timer-*');
        expect([says('seconds'), says('state'), ports()]).toEqual(['lost', 'armed', ['1002']]);
        expect(program('status')).toContain(' armed=no');
        expect(finds ? finds() : step('rollback', two)).toBe(says_);
        expect([ports(), addresses(), says('armed')]).toEqual([['1001'], ['203.0.113.10'], 'none']);
      });
    });
  },
);
