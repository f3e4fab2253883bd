// Tests the agent with APF 2.0.2 (upstream): confirmed and removed releases, and texts that it refuses. Runs on a test
// device with a stand-in for APF and the real iptables.

import { LINES, host, onPublished, text, textOf } from './published-host';
import { CONFIRMED } from '../under-shell';
import { addFullRows } from '../../tier';

jest.setTimeout(180_000);

const trial = ['upload', 'check', 'arm'] as const;

onPublished('the agent with APF 2.0.2', (its) => {
  const { run, program, says, delivered, step, retracted, files, runs, isOpen, restarted } = its;

  test('writes files for both families with the confirm, and restores the former ones at a removal', () => {
    const before = files();
    const release = host(textOf(81));
    expect(delivered(release, trial)).toEqual(CONFIRMED.slice(0, 3));
    expect([runs(), runs('ip6'), isOpen(), isOpen('ip6'), files() === before]).toEqual([
      '22,81',
      '22,81',
      false,
      false,
      true,
    ]);
    expect(run('ip6tables -S TALLOW')).toContain('-s 2001:db8:9::/48 -p tcp -m multiport --dports 3306 -j ACCEPT');
    expect([step('confirm', release), says('rules'), says('boot'), says('runs')]).toEqual([
      'ok confirmed',
      'as-loaded',
      'as-written',
      'release',
    ]);
    expect(files()).toContain('\nIG_TCP_CPORTS="22,81" # mine\n');
    expect(run('tail -n 4 /etc/apf/allow_hosts.rules')).toBe(
      `# cpanel-edge:web begin\n${LINES.join('\n')}\n# cpanel-edge:web end\n`,
    );
    expect(restarted()).toEqual([expect.stringContaining('ok loaded'), expect.stringContaining('ok loaded')]);
    expect([runs('ip6'), says('rules'), says('state')]).toEqual(['22,81', 'as-loaded', 'confirmed']);
    expect([retracted(), files() === before, runs()]).toEqual([expect.stringMatching(/left=nothing$/), true, '22,25']);
  });

  test('refuses texts that the generator doesn’t make', () => {
    const wrong: readonly (readonly [string, string | RegExp, string, string])[] = addFullRows(
      [
        ['IPv6 off', 'USE_IPV6="1"', 'USE_IPV6="0"', 'text-value'],
        ['a script', /$/, '\n==> /etc/apf/hook_pre.sh <==\nid\n', 'text-line'],
        ['a command', LINES[1]!, 'tcp:in:d=22:s=[$(id):]', 'text-network'],
      ],
      [
        ['another key', 'USE_GRE="0"', 'USE_X="0"', 'text-line'],
        ['IPv6 without brackets', LINES[1]!, 'tcp:in:d=22:s=2001:db8::1', 'text-line'],
        ['IPv4 within them', LINES[1]!, 'tcp:in:d=22:s=[192.0.2.1]', 'text-network'],
        ['a bracket within them', LINES[1]!, 'tcp:in:d=22:s=[2001:db8::1]]', 'text-network'],
        ['a length too long', LINES[1]!, 'tcp:in:d=22:s=[2001:db8::/129]', 'text-network'],
        ['an open range', LINES[1]!, 'tcp:in:d=22_:s=[2001:db8::1]', 'text-ports'],
        ['no end', / end\n$/, '\n', 'text-line'],
      ],
    );
    const parts = wrong.map(([what, from, to]) => {
      const { upload, file } = host(textOf(81).replace(from, () => to));
      return `${what}: ${/ part=(\S+)$/.exec(program(upload, file))?.[1]}`;
    });
    expect(parts).toEqual(wrong.map(([what, , , part]) => `${what}: ${part}`));
    expect(
      delivered(host(text({ IG_TCP_CPORTS: '', IG_ICMPV6_TYPES: 'all' }, ['udp:in:d=0_65535:s=[::/1]']), textOf(81))),
    ).toEqual(CONFIRMED);
  });
});
