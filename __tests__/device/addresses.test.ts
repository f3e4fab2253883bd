import { Sent, sent, tableText } from './stream';
import { gateway, underShells, wordOf } from './under-shell';
import { DEVICE_SHELLS } from '../tier';

jest.setTimeout(60_000);

underShells(DEVICE_SHELLS, 'addresses, and what a retract leaves', ({ run, program, step, delivered, retract, ports }, shell) => {
  afterEach(() => void retract());
  const addresses = (): string => run('ip -o -4 addr show wan0; ip neigh show proxy | sort');

  test('a first release that is rolled back leaves an empty table, no address and no lease', () => {
    const first = sent({ text: tableText(1001), addresses: [{ kind: 'alias', interface: 'wan0', address: '203.0.113.10/32' }] });
    expect([step('upload', first), step('check', first), step('arm', first)]).toEqual(['ok uploaded', 'ok checked', 'ok armed']);
    expect(ports()).toEqual(['1001']);
    expect(addresses()).toContain('203.0.113.10/32');
    expect(step('rollback', first)).toBe('ok rolled-back');
    expect(run('nft list table inet cpanel_edge_web')).toMatch(/hook prerouting[^]*hook postrouting[^]*ct state established/);
    expect(addresses()).not.toContain('203.0.113.10');
    expect(program('status')).toContain('lease=none');
    expect(delivered(gateway(1002, 'another-lease'))).toContain('ok confirmed');
    retract('gateway', 'web', 'another-lease');
  });

  test('addresses come and go with the release; one that was there before stays', () => {
    run('ip addr add 203.0.113.20/32 dev wan0');
    const alias = (address: string) => ({ kind: 'alias', interface: 'wan0', address }) as const;
    const proxy = { kind: 'proxy-arp', interface: 'wan0', address: '203.0.113.32/30' } as const;
    expect(delivered(sent({ text: tableText(1001), addresses: [alias('203.0.113.20/32'), alias('203.0.113.21/32'), proxy] }))).toContain(
      'ok confirmed',
    );
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

  test('an address that a later release keeps is still ours to remove', () => {
    const addresses = [{ kind: 'alias', interface: 'wan0', address: '203.0.113.30/32' }] as const;
    for (const port of [1001, 1002]) expect(delivered(sent({ text: tableText(port), addresses }))).toContain('ok confirmed');
    expect(wordOf(retract())).toBe('ok retracted');
    expect(run('ip -o -4 addr show wan0')).not.toContain('203.0.113.30');
  });

  describe('one of them that nobody can add', () => {
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

    test('keeps no other away at a start', () => {
      run(`ip link del lan9; ip addr del 203.0.113.10/32 dev wan0; timeout 2 ${shell} /usr/local/sbin/cpanel-edge-device addresses || :`);
      expect(there()).toEqual(['203.0.113.10']);
    });

    test('keeps no other away as a release is undone, which says what it waits for and ends once it can be', () => {
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

  test('retract: a gateway is as before, a server stays closed and belongs to nobody', () => {
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
});
