// Tests the agent: a release's addresses come and go with it, an address that was on the device before stays, and one
// that a later release keeps is still removed at the end. Runs on a test device with the real nft.

import { Sent, sent, tableText } from './stream';
import { gateway, underShells, wordOf } from './under-shell';
import { DEVICE_SHELLS } from '../tier';

jest.setTimeout(60_000);

underShells(
  DEVICE_SHELLS,
  'addresses, and the state after a removal',
  ({ run, program, step, delivered, retract, ports }) => {
    afterEach(() => void retract());
    const addresses = (): string => run('ip -o -4 addr show wan0; ip neigh show proxy | sort');

    test('removes at the end an address that a later release also has', () => {
      const one = [{ kind: 'alias', interface: 'wan0', address: '203.0.113.30/32' }] as const;
      for (const port of [1001, 1002])
        expect(delivered(sent({ text: tableText(port), addresses: one }))).toContain('ok confirmed');
      expect(wordOf(retract())).toBe('ok retracted');
      expect(run('ip -o -4 addr show wan0')).not.toContain('203.0.113.30');
    });

    test('retract: a gateway is as it was before, and a server stays closed without an owner', () => {
      run('nft add table inet theirs');
      expect(delivered(gateway(1001))).toContain('ok confirmed');
      expect(retract()).toMatch(/ok retracted left=nothing$/);
      expect(run('nft list ruleset; ls /etc/cpanel-edge /etc/systemd/system').trim()).toBe(
        'table inet theirs {\n}\n/etc/cpanel-edge:\n\n/etc/systemd/system:',
      );
      expect(retract()).toMatch(/ok retracted/);
      const server = (onRetract: 'keep closed' | 'as before', lease: string): Sent =>
        sent({ text: tableText(1004), role: 'server', onRetract }, lease);
      expect(delivered(server('keep closed', 'lease-1'))).toContain('ok confirmed');
      expect(retract('server')).toMatch(/ok retracted left=closed$/);
      run('nft flush ruleset');
      expect(program('rules')).toMatch(/ok loaded/);
      expect(ports()).toEqual(['1004']);
      expect(delivered(server('as before', 'lease-7'))).toContain('ok confirmed');
      expect(retract('server', 'web', 'lease-7')).toMatch(/ok retracted left=nothing$/);
      expect(ports()).toEqual([]);
    });

    test('adds and removes a release’s addresses, and keeps one that was on the device before', () => {
      run('ip addr add 203.0.113.20/32 dev wan0');
      const alias = (address: string) => ({ kind: 'alias', interface: 'wan0', address }) as const;
      const proxy = { kind: 'proxy-arp', interface: 'wan0', address: '203.0.113.32/30' } as const;
      expect(
        delivered(
          sent({ text: tableText(1001), addresses: [alias('203.0.113.20/32'), alias('203.0.113.21/32'), proxy] }),
        ),
      ).toContain('ok confirmed');
      expect(addresses()).toMatch(/113\.20\/32[^]*113\.21\/32[^]*113\.32 dev wan0[^]*113\.33[^]*113\.34[^]*113\.35/);
      const fewer = sent({ text: tableText(1002), addresses: [alias('203.0.113.22/32')] });
      expect([step('upload', fewer), step('check', fewer), step('arm', fewer)]).toContain('ok armed');
      expect(addresses()).not.toMatch(/113\.21\/32|proxy/);
      expect(addresses()).toMatch(/113\.22\/32/);
      step('rollback', fewer);
      expect(addresses()).toMatch(/113\.21\/32[^]*113\.35/);
      expect(addresses()).not.toMatch(/113\.22\/32/);
      expect(wordOf(retract())).toBe('ok retracted');
      expect(addresses()).toMatch(/113\.20\/32/);
      expect(addresses()).not.toMatch(/113\.21|proxy/);
      run('ip addr del 203.0.113.20/32 dev wan0');
    });
  },
);
