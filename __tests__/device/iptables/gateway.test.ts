import { STEPS, gatewayLines, gatewayOf, onHosts } from './host';
import { CONFIRMED } from '../under-shell';
import { ONE, OTHER, VIP, printed } from './gateways';

jest.setTimeout(120_000);

onHosts('rules of iptables of a gateway', ({ run, program, says, delivered, step, tablesOf, chainsOf }) => {
  test('are chains in mangle and nat of IPv4, asked before others, with its addresses', () => {
    expect(delivered(gatewayOf(ONE, { addresses: [VIP] }))).toEqual(CONFIRMED);
    expect(tablesOf()).toBe(printed(ONE));
    expect([chainsOf('ip6'), says('rules'), says('boot')]).toEqual(['', 'as-loaded', 'as-written']);
    expect(run('ip -o -4 addr show wan0')).toContain('203.0.113.10/32');
    expect(step('upload', gatewayOf(ONE, { addresses: [VIP] }))).toBe('ok running');
    run('iptables -t nat -I PREROUTING 1 -j ACCEPT');
    expect(delivered(gatewayOf(ONE, { addresses: [VIP] }))).toEqual(CONFIRMED);
    expect(run('iptables -t nat -S PREROUTING')).toBe('-P PREROUTING ACCEPT\n-A PREROUTING -j cg-web-pre\n-A PREROUTING -j ACCEPT\n');
  });

  test('change in three steps: what was decides beside what comes until nat has changed', () => {
    delivered(gatewayOf(ONE));
    run(`mkdir ${STEPS}`);
    expect(delivered(gatewayOf(OTHER))).toEqual(CONFIRMED);
    const [mangle, nat, done, ...more] = [0, 1, 2, 3].map((number) => gatewayLines(run(`cat ${STEPS}/${number} 2>/dev/null`)));
    const [[before, translated], [after, translates]] = [ONE, OTHER].map((text) => printed(text, '').split(/\n(?=\*nat)/)) as [
      string[],
      string[],
    ];
    const both = mangle!.split('\n*nat')[0]!;
    expect(both).toMatch(/-A FORWARD -j cg-web-fwd\n-A FORWARD -j co-web-\d+\n/);
    // The same rules under other names.
    const rules = (text: string): readonly string[] =>
      text
        .replace(/c[go]-web-\w+/g, 'X')
        .match(/^-A X .*/gm)!
        .slice()
        .sort();
    expect(rules(both)).toEqual([...rules(before!), ...rules(after!)].sort());
    expect([mangle!.endsWith(translated!), nat]).toEqual([true, `${both}\n${translates!}`]);
    expect([done, tablesOf(), more]).toEqual([printed(OTHER), printed(OTHER), ['']]);
  });

  const NAT_RULE = /(-A cg-web-4) .*/;
  test.each([
    ['a chain of somebody', '-g cg-web-3', '-g f2b-sshd', 'text-target'],
    ['a second target', NAT_RULE, '$1 -g cg-web-4 -j SNAT --to-source 10.0.0.1', 'text-target'],
    ['any interface that begins so', '-i wan0', '-i wan+', 'text-character'],
  ])('say nothing about %s', (_, from, to, part) => {
    const text = ONE.replace(from, to);
    expect(text).not.toBe(ONE);
    const one = gatewayOf(ONE);
    const changed = one.file.replace(ONE, () => text).replace(/^text .*/m, `text ${text.split('\n').length - 1}`);
    const digest = run(`{ sed '1,/^text /d'; } | sha256sum | cut -d ' ' -f 1`, changed).trim();
    expect(program(one.upload.replace(one.release.digest, digest), changed.replace(one.release.digest, digest))).toMatch(
      new RegExp(`refused upload-damaged part=${part}$`),
    );
  });
});
