// Tests the agent with firewalld 2.3 and 2.5: deliveries, and rules that keep their place. Runs on a test device with
// the real firewalld.

import { host, onLaterFirewalld, textOf } from './host';
import { isThere, startedAnew } from './later';
import { CONFIRMED } from '../under-shell';

jest.setTimeout(120_000);

const WORK = '<zone><interface name="eth5"/><source address="198.18.0.0/15"/></zone>';
const FIRST = (zone: string): string =>
  `<policy target="CONTINUE" priority="-32768"><ingress-zone name="${zone}"/><egress-zone name="HOST"/><port port="3306" protocol="tcp"/></policy>`;

// 2.3 evaluates policies and zones in one chain, with a rule for each interface and source of a zone; 2.5 in a chain
// for each zone.
const ASKED = { '2.3': ['filter_INPUT_POLICIES', 'eth5.*'], '2.5': ['filter_IN_work_to_HOST', ''] } as const;

onLaterFirewalld('policies of a release', startedAnew, ['2.3']);

onLaterFirewalld('policies of a release', (under, version) => {
  const { run, program, says, delivered, step, retracted, start, stop, ask, files, folder, stored, runs } = under;
  const write = (path: string, text: string): string => run(`mkdir -p "$(dirname ${path})"; cat >${path}`, text);

  test('are loaded, confirmed and removed; a rollback restores the former ones', () => {
    expect(ask('--version')).toMatch(new RegExp(`^${version}\\.`));
    expect(delivered(host(textOf(80)))).toEqual(CONFIRMED);
    expect([runs(), stored(), says('rules'), says('boot'), isThere(under)]).toEqual([
      '80',
      '80',
      'as-loaded',
      'as-written',
      'ok running',
    ]);
    const next = host(textOf(443));
    expect(delivered(next, ['upload', 'check', 'arm'])).toEqual(CONFIRMED.slice(0, 3));
    expect([runs(), stored()]).toEqual(['443', '80']);
    expect(program(`rollback ${next.identity}`)).toContain('ok rolled-back');
    expect([runs(), says('rules')]).toEqual(['80', 'as-loaded']);
    stop();
    start();
    expect([runs(), says('rules')]).toEqual(['80', 'as-loaded']);
    expect(retracted()).toMatch(/ok retracted left=nothing$/);
    expect([files(), run('nft list table inet firewalld | grep -c cf-web')]).toEqual([[], '0\n']);
  });

  test('are as loaded when an interface or a source is added, and are evaluated first for each', () => {
    expect(delivered(host(textOf(80)))).toEqual(CONFIRMED);
    const seen = (): unknown => [says('rules'), isThere(under)];
    for (const does of ['--zone=public --add-interface=eth7', '--zone=work --add-source=198.51.100.0/24']) {
      expect([ask(does), seen()]).toEqual(['success', ['as-loaded', 'ok running']]);
    }
    write('/etc/firewalld/zones/work.xml', WORK);
    expect([ask('--reload'), seen()]).toEqual(['success', ['as-loaded', 'ok running']]);
    // The other policy comes before ours, first for one zone's interfaces and sources alone, then for every source.
    for (const zone of ['work', 'ANY']) {
      write('/etc/firewalld/policies/first.xml', FIRST(zone));
      expect([ask('--reload'), seen()]).toEqual(['success', ['as-loaded', 'ok uploaded']]);
      run('rm /etc/firewalld/policies/first.xml');
      expect([ask('--reload'), seen()]).toEqual(['success', ['as-loaded', 'ok running']]);
    }
    // The removed jump takes the policies away from some packets.
    const [chain, which] = ASKED[version];
    run(
      `nft -a list chain inet firewalld ${chain} | sed -n '/${which}cf-web-in/s/.*handle //p' | xargs nft delete rule inet firewalld ${chain} handle`,
    );
    expect(seen()).toEqual(['as-loaded', 'ok uploaded']);
  });

  test('are refused beside a reload policy that opens, an unsupported version, or a table that firewalld owns', () => {
    const checked = (): string => {
      const release = host(textOf(80));
      const answers = delivered(release, ['upload', 'check']).join(', ');
      step('rollback', release);
      return answers;
    };
    const conf = (line: string): string =>
      run(`printf '%s\\n' DefaultZone=public '${line}' >/etc/firewalld/firewalld.conf`) + checked();
    expect(conf('ReloadPolicy=INPUT:DROP,OUTPUT:accept')).toBe('ok uploaded, refused firewalld-reload-policy');
    expect(conf('ReloadPolicy=DROP')).toBe('ok uploaded, ok checked');
    const bus = `${folder}/bin/busctl`;
    for (const [version, answer] of [
      ['0.8.9', 'refused firewalld-version'],
      ['2.6.0', 'refused firewalld-version'],
      ['2.10.1', 'refused firewalld-version'],
      ['2.4.4', 'ok checked'],
    ] as const) {
      run(
        `mv ${bus} ${bus}.real; cat >${bus}; chmod +x ${bus}`,
        `#!/bin/sh\ncase "$*" in *' version') echo 'v s "${version}"' ;; *) exec ${bus}.real "$@" ;; esac\n`,
      );
      expect(`${version}: ${checked()}`).toBe(`${version}: ok uploaded, ${answer}`);
      run(`mv ${bus}.real ${bus}`);
    }
    // A later nft has this flag.
    run(
      `nft delete table inet firewalld; mkfifo ${folder}/owner; (HOME=/nonexistent nft -i <${folder}/owner & exec 8>${folder}/owner; echo 'add table inet firewalld { flags owner; }' >&8; until [ -e ${folder}/checked ]; do sleep 0.1; done) >/dev/null 2>&1 &
      until nft list table inet firewalld 2>/dev/null | grep -q owner; do sleep 0.05; done`,
    );
    expect(checked()).toBe('ok uploaded, refused firewalld-owns-table');
    run(`: >${folder}/checked`);
  });
});
