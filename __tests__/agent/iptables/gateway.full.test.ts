// Tests the agent with iptables on a gateway: deliveries that stop halfway, are rolled back or removed, boots, a
// server release of the same owner beside it, and the change from nftables and back. Runs on a test device with the
// real iptables.

import { gatewayText } from '../../platforms/iptables/gateway-text';
import { FAILS, THEIRS, gatewayOf, host, onHosts, textOf } from './host';
import { sent, tableText } from '../stream';
import { CONFIRMED } from '../under-shell';
import { at, ONE, OTHER, VIP, printed, NOTHING } from './gateways';

jest.setTimeout(120_000);

onHosts('iptables rules on a gateway', ({ run, program, says, delivered, step, retracted, tablesOf, chainsOf }) => {
  test('rolls back an unconfirmed release; after a first one, the rules that keep sessions remain', () => {
    const first = gatewayOf(ONE, { addresses: [VIP] });
    delivered(first, ['upload', 'check', 'arm']);
    expect(step('rollback', first)).toBe('ok rolled-back');
    const ESTABLISHED = '-A cg-web-fwd -m conntrack --ctstate ESTABLISHED -j RETURN';
    expect(tablesOf()).toBe(`*mangle\n:cg-web-fwd - [0:0]\n${THEIRS}\n-A FORWARD -j cg-web-fwd\n${ESTABLISHED}\n*nat`);
    delivered(gatewayOf(ONE, { addresses: [VIP] }));
    const second = gatewayOf(OTHER);
    delivered(second, ['upload', 'check', 'arm']);
    expect([tablesOf(), run('ip -o -4 addr show wan0').includes('113.10/32')]).toEqual([printed(OTHER), false]);
    expect(step('rollback', second)).toBe('ok rolled-back');
    expect([tablesOf(), says('rules')]).toEqual([printed(ONE), 'as-loaded']);
  });

  test('reports a load that stopped halfway, lets through only what both releases do, and completes once it can', () => {
    delivered(gatewayOf(ONE));
    const next = gatewayOf(OTHER);
    delivered(next, ['upload', 'check']);
    run(`echo nat >${FAILS}`);
    expect(program(`arm ${next.identity} 300`)).toMatch(/failed load-and-undo-failed$/);
    expect([says('rules'), tablesOf().includes('-j co-web-')]).toEqual(['edited', true]);
    run(`rm ${FAILS}`);
    expect(step('rollback', next)).toBe('ok rolled-back');
    expect([tablesOf(), says('rules')]).toEqual([printed(ONE), 'as-loaded']);
    const missing = gatewayOf(
      OTHER.replace('-j DNAT --to-destination 10.0.0.10', '-j DNAT --to-destination 10.0.0.300'),
    );
    expect(delivered(missing, ['upload', 'check'])).toEqual(['ok uploaded', 'refused syntax']);
  });

  test('loads the release at a boot, and the closing text if the release is damaged', () => {
    const closed = ONE.replace(/-m multiport --dports 80 -j RETURN/g, '-j DROP')
      .replace(':cg-web-1 ', ':cg-web-in - [0:0]\n:cg-web-1 ')
      .replace('-A cg-web-fwd', '-A INPUT -j cg-web-in\n-A cg-web-in -d 203.0.113.10/32 -j DROP\n-A cg-web-fwd');
    expect(delivered(gatewayOf(ONE, {}, closed))).toEqual(CONFIRMED);
    const flushed = 'for t in mangle nat; do iptables -t $t -F; iptables -t $t -X; done; rm -rf /run/cpanel-edge/*';
    run(flushed);
    expect([says('rules'), program('boot')]).toEqual(['absent', expect.stringContaining('ok loaded')]);
    expect([says('rules'), tablesOf()]).toEqual(['as-loaded', printed(ONE, '')]);
    run(`${flushed}; sed -i 's/dports 80/dports 81/' /etc/cpanel-edge/gateway-web/release`);
    expect(program('boot')).toContain('failed boot-incomplete');
    expect([says('rules'), says('runs'), tablesOf()]).toEqual([
      'as-loaded',
      'closed',
      expect.stringContaining('-A INPUT -j cg-web-in'),
    ]);
    expect(tablesOf()).not.toContain('RETURN\n-A cg-web-1');
    expect(delivered(gatewayOf(OTHER))).toEqual(CONFIRMED);
    expect(tablesOf()).toBe(printed(OTHER, ''));
  });

  test('removes a release and the rests of a change, also from files that others saved', () => {
    delivered(gatewayOf(ONE, { addresses: [VIP] }));
    run(
      'iptables -t mangle -N co-web-7; iptables -t mangle -A co-web-7 -j DROP; iptables -t mangle -A FORWARD -d 203.0.113.9 -j co-web-7',
    );
    run('iptables-save -c >/etc/iptables/rules.v4');
    expect([says('rules'), run('grep -c c[go]-web /etc/iptables/rules.v4')]).toEqual([
      'edited',
      expect.stringMatching(/\d\d/),
    ]);
    expect(retracted('gateway')).toMatch(/ok retracted left=nothing$/);
    expect([tablesOf(), run('ip -o -4 addr show wan0').includes('113.10/32')]).toEqual([NOTHING, false]);
    expect(run('cat /etc/iptables/rules.v4; ls /etc/iptables')).not.toMatch(/c[go]-web|cpanel-edge/);
    expect(run('grep -c 198.51.100.7 /etc/iptables/rules.v4')).toBe('1\n');
  });

  test('keeps gateway and server releases of one owner apart, also at a removal', () => {
    delivered(gatewayOf(ONE));
    expect(delivered(host(textOf(80)))).toEqual(CONFIRMED);
    const both = tablesOf();
    expect(both).toContain('-A INPUT -j ce-web-in');
    expect(delivered(gatewayOf(OTHER))).toEqual(CONFIRMED);
    expect(delivered(host(textOf(80)), ['upload'])).toEqual(['ok running']);
    expect(program('status').match(/rules=\S+/g)).toEqual(['rules=as-loaded', 'rules=as-loaded']);
    expect(retracted('server')).toMatch(/ok retracted left=nothing$/);
    expect(tablesOf()).toBe(printed(OTHER));
    delivered(host(textOf(80)));
    expect(retracted('gateway')).toMatch(/ok retracted left=nothing$/);
    expect([tablesOf(), chainsOf('ip6')]).toEqual([
      expect.not.stringMatching(/c[go]-web/),
      expect.stringContaining('ce-web-in'),
    ]);
  });

  test('accepts an owner of eighteen letters, and keeps chains with similar names', () => {
    const owner = 'a-web-of-1-and-pre';
    const release = gatewayOf(gatewayText([at(10, '80')], { owner }).replaceAll(/-\b3\b(?= |$)/gm, '-999999'), {
      owner,
    });
    expect(delivered(release)).toEqual(CONFIRMED);
    const claims = { outside: ['203.0.113.11'], inside: ['10.0.0.11'] };
    const short = gatewayOf(gatewayText([at(11, '80')], { owner: 'a-web-of-1-and' }), {
      owner: 'a-web-of-1-and',
      claims,
    });
    expect(delivered(short)).toEqual(CONFIRMED);
    expect(tablesOf()).toContain(`:cg-${owner}-999999 `);
    expect(program('status').match(/rules=\S+/g)).toEqual(['rules=as-loaded', 'rules=as-loaded']);
    expect(retracted('gateway', 'a-web-of-1-and')).toMatch(/ok retracted left=nothing$/);
    expect(
      tablesOf()
        .match(/c[go]-[a-z0-9-]+?(?=-(fwd|in|pre|post|\d+)(?: |$))/gm)!
        .every((name) => name === `cg-${owner}`),
    ).toBe(true);
    const longer = gatewayOf(ONE);
    expect(program(longer.upload, longer.file.replaceAll('cg-web', `cg-${owner}x`))).toMatch(
      /refused upload-damaged part=table$/,
    );
    expect(program(longer.upload, longer.file.replace('chains cg-web', 'chains ce-web'))).toMatch(
      /refused upload-damaged part=table$/,
    );
  });

  test('replaces an nftables release and is replaced by one', () => {
    expect(delivered(sent({ text: tableText(1001) }))).toEqual(CONFIRMED);
    expect(delivered(gatewayOf(ONE))).toEqual(CONFIRMED);
    expect([run('nft list tables').includes('cpanel_edge'), tablesOf()]).toEqual([false, printed(ONE)]);
    expect(delivered(sent({ text: tableText(1001) }))).toEqual(CONFIRMED);
    expect([run('nft list tables').includes('cpanel_edge'), tablesOf()]).toEqual([true, NOTHING]);
  });

  test('puts a release into the files that the host loads itself, also in nat', () => {
    const THE_HOSTS =
      '*mangle\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -j ACCEPT\nCOMMIT\n*nat\n:POSTROUTING ACCEPT [0:0]\n[1:2] -A POSTROUTING -j ACCEPT\nCOMMIT\n';
    run('cat >/etc/iptables/rules.v4', THE_HOSTS);
    delivered(gatewayOf(ONE));
    const kept = run('cat /etc/iptables/rules.v4');
    expect(
      kept
        .split('\n')
        .filter((line) => line.includes('cg-web'))
        .sort(),
    ).toEqual(
      ONE.split('\n')
        .filter((line) => line.includes('cg-web'))
        .sort(),
    );
    run('iptables-restore </etc/iptables/rules.v4');
    expect([says('rules'), run('iptables -t nat -S POSTROUTING')]).toEqual([
      'as-loaded',
      '-P POSTROUTING ACCEPT\n-A POSTROUTING -j cg-web-post\n-A POSTROUTING -j ACCEPT\n',
    ]);
    expect(retracted('gateway')).toMatch(/ok retracted left=nothing$/);
    expect(run('cat /etc/iptables/rules.v4')).toBe(THE_HOSTS);
  });

  test('accepts interface names with special characters', () => {
    const named = gatewayText([at(10, '80')], { wan: 'wan-1.100@_eth0' });
    expect(delivered(gatewayOf(named))).toEqual(CONFIRMED);
    expect(tablesOf()).toBe(printed(named));
  });
});
