// Tests the agent: a first release that is rolled back leaves no address and no owner token, and an address that can't
// be added keeps no other away, at a boot or a rollback. Runs on a test device with the real nft.

import { sent, tableText } from './stream';
import { gateway, underShells } from './under-shell';
import { DEVICE_SHELLS } from '../tier';

jest.setTimeout(60_000);

underShells(
  DEVICE_SHELLS,
  'addresses, and the state after a removal',
  ({ run, program, step, delivered, retract, ports }, shell) => {
    afterEach(() => void retract());
    const addresses = (): string => run('ip -o -4 addr show wan0; ip neigh show proxy | sort');

    test('a first release that is rolled back leaves an empty table, no address and no owner token', () => {
      const first = sent({
        text: tableText(1001),
        addresses: [{ kind: 'alias', interface: 'wan0', address: '203.0.113.10/32' }],
      });
      expect([step('upload', first), step('check', first), step('arm', first)]).toEqual([
        'ok uploaded',
        'ok checked',
        'ok armed',
      ]);
      expect(ports()).toEqual(['1001']);
      expect(addresses()).toContain('203.0.113.10/32');
      expect(step('rollback', first)).toBe('ok rolled-back');
      expect(run('nft list table inet cpanel_edge_web')).toMatch(
        /hook prerouting[^]*hook postrouting[^]*ct state established/,
      );
      expect(addresses()).not.toContain('203.0.113.10');
      expect(program('status')).toContain('lease=none');
      expect(delivered(gateway(1002, 'another-lease'))).toContain('ok confirmed');
      retract('gateway', 'web', 'another-lease');
    });

    describe('one of several addresses that can’t be added', () => {
      const alias = (dev: string, address: string) => ({ kind: 'alias', interface: dev, address }) as const;
      const both = [alias('lan9', '198.51.100.9/32'), alias('wan0', '203.0.113.10/32')];
      const there = (): readonly string[] =>
        [...run('ip -o -4 addr show').matchAll(/inet (198\.51\.100\.9|203\.0\.113\.10)\//g)].map(([, one]) => one!);
      const comes = (): void => void run('ip link add lan9 type veth peer name lan8; ip link set lan9 up');
      beforeEach(() => {
        comes();
        expect(delivered(sent({ text: tableText(1001), addresses: both }))).toContain('ok confirmed');
      });
      afterEach(() => {
        retract();
        run('ip link del lan9');
      });

      test('the boot adds all other addresses', () => {
        run(`ip link del lan9; ip addr del 203.0.113.10/32 dev wan0; ${shell} /usr/local/sbin/cpanel-edge-device addresses >/dev/null 2>&1 & waits=$!
          until ip -o -4 addr show dev wan0 | grep -q 203.0.113.10; do sleep 0.05; done; kill $waits $(pgrep -P $waits)`);
        expect(there()).toEqual(['203.0.113.10']);
      });

      test('the rollback adds all other addresses, names the missing one, and completes once it can be added', () => {
        const two = sent({ text: tableText(1002) });
        expect([step('upload', two), step('check', two), step('arm', two)]).toContain('ok armed');
        run('ip link del lan9');
        expect(program(`rollback ${two.identity} 2>/dev/null`)).toBe(
          '|not added: alias lan9 198.51.100.9/32\ncpanel-edge: failed rollback-incomplete',
        );
        expect([ports(), there()]).toEqual([['1001'], ['203.0.113.10']]);
        comes();
        expect(step('rollback', two)).toBe('ok rolled-back');
        expect([...there()].sort()).toEqual(['198.51.100.9', '203.0.113.10']);
      });
    });
  },
);
