// Tests that the agent refuses texts of releases that firewalld would skip or can't load, and rolls back if a reload
// would lose them. Runs on a test device with the real firewalld.

import { parseAddress } from '../../../lib/net/address';
import { findByLocation } from '../../../lib/net/device';
import { PROTOCOL } from '../../../lib/net/packet';
import { parser as nftables } from '../../../lib/platforms/nftables/parse/parser';
import { port, router } from '../../devices';
import { host, hostOf, onFirewalld, set, textOf } from './host';
import { CONFIRMED } from '../under-shell';

jest.setTimeout(120_000);

/** The disposition of a connection to the database port. */
function database(ruleset: string): string {
  const server = { ...router([port('eth0', 'outside', ['198.51.100.50/24'])]), forwarding: false };
  const [source, destination] = [parseAddress('192.0.2.7')!, parseAddress('198.51.100.50')!];
  const { dispositions } = findByLocation(nftables.read(ruleset, server).reachability.views, {
    kind: 'interface',
    name: 'eth0',
  })!;
  return (
    dispositions.findValue({ source, destination, protocol: PROTOCOL.tcp, port: 3306, sourcePort: 40_000 })?.is ??
    'denied'
  );
}

onFirewalld(
  'the agent with texts for firewalld',
  ({ run, program, says, delivered, step, ask, files, folder, stored, runs, stop, start }) => {
    const WEB = textOf(80);
    const checked = (its: string): string => {
      const release = host(its);
      const answers = delivered(release, ['upload', 'check']).join(', ');
      step('rollback', release);
      return answers;
    };

    test('refuses texts that firewalld skips or does not know, and changes nothing', () => {
      expect(checked(WEB.replace('<port port="80" protocol="tcp"/>', '<icmp-type name="packet-too-big"/>'))).toBe(
        'ok uploaded, refused syntax',
      );
      expect(checked(WEB.replace('<entry>198.51.100.7', '<entry>198.51.100.777'))).toBe('ok uploaded, refused syntax');
      expect([files(), run('nft list ruleset | grep -c cf-web'), checked(WEB)]).toEqual([
        [],
        '0\n',
        'ok uploaded, ok checked',
      ]);
    });

    test('refuses a delivery if a reload would remove runtime rules, or settings or other programs bypass the policies', () => {
      ask('--add-port=8443/tcp');
      const release = host(WEB);
      step('upload', release);
      expect(program(`check ${release.identity}`)).toMatch(
        /\|> public: ports: 8443\/tcp\ncpanel-edge: refused firewalld-runtime$/,
      );
      ask('--permanent --add-port=8443/tcp');
      ask('--add-interface=eth7');
      expect(checked(WEB)).toContain('refused firewalld-runtime');
      ask('--permanent --add-interface=eth7');
      expect(checked(WEB)).toBe('ok uploaded, ok checked');
      const asked = (direct: string): string => {
        ask(`--direct --add-${direct}`);
        const other = host(WEB);
        step('upload', other);
        const answer = program(`check ${other.identity}`);
        ask(`--direct --remove-${direct}`);
        return answer;
      };
      expect(asked('rule ipv4 filter INPUT 0 -p tcp --dport 8444 -j ACCEPT')).toMatch(
        /\|> .*--dport 8444.*\n.*refused firewalld-runtime$/,
      );
      expect(asked('passthrough ipv4 -A INPUT -p tcp --dport 8445 -j ACCEPT')).toMatch(
        /\|> .*--dport 8445.*\n.*refused firewalld-runtime$/,
      );
      ask('--panic-on');
      expect(checked(WEB)).toContain('refused firewalld-panic');
      ask('--panic-off');
      expect(checked(WEB)).toBe('ok uploaded, ok checked');
      const conf = (line: string): string =>
        run(`printf '%s\\n' DefaultZone=public ${line} >/etc/firewalld/firewalld.conf`) + checked(WEB);
      expect(conf('FirewallBackend=iptables')).toContain('refused firewalld-back-end');
      expect(conf('FlushAllOnReload=no')).toContain('refused firewalld-keeps-runtime');
      // Of two equal keys firewalld takes the first that has a value.
      expect(conf('FlushAllOnReload= FlushAllOnReload=no FlushAllOnReload=yes')).toContain(
        'refused firewalld-keeps-runtime',
      );
      expect(conf('FlushAllOnReload=yes FlushAllOnReload=no')).toBe('ok uploaded, ok checked');
      run('echo DefaultZone=public >/etc/firewalld/firewalld.conf; echo ENABLED=yes >/etc/ufw/ufw.conf');
      expect(checked(WEB)).toContain('refused other-firewall');
      run('rm /etc/ufw/ufw.conf; rm /etc/systemd/system/enabled-firewalld.service');
      expect(checked(WEB)).toContain('refused firewalld-disabled');
      stop();
      expect(checked(WEB)).toContain('refused firewalld-not-running');
      start();
    });

    test('refuses a second owner whose name is a part of a set’s name', () => {
      expect(delivered(host(WEB))).toEqual(CONFIRMED);
      const other = hostOf('web-4', WEB);
      expect(delivered(other, ['upload', 'check']).join(', ')).toBe('ok uploaded, refused firewalld-owner');
    });

    const overlaps = (): string =>
      run(
        'mkdir -p /etc/firewalld/ipsets; cat >/etc/firewalld/ipsets/theirs.xml',
        Object.values(set('theirs', '192.0.2.0/24', '192.0.2.7'))[0],
      );

    test('keeps the confirmed release, in the kernel and on the disk, if firewalld can’t load a new one, and opens nothing meanwhile', () => {
      expect(delivered(host(WEB))).toEqual(CONFIRMED);
      const next = host(textOf(443));
      delivered(next, ['upload', 'check']);
      // The file of another program's set, which isn't loaded yet.
      overlaps();
      const cmd = `${folder}/bin/firewall-cmd`;
      const seen = `${folder}/as-it-failed`;
      run(
        `mv ${cmd} ${cmd}.real; printf '#!/bin/sh\\n${cmd}.real "$@" && exit\\ncase "$*" in --reload) nft list ruleset >>${seen};; esac; exit 1\\n' >${cmd}; chmod +x ${cmd}`,
      );
      expect(program(`arm ${next.identity} 300 2>/dev/null`)).toMatch(/refused load-failed$/);
      run(`mv ${cmd}.real ${cmd}`);
      expect([runs(), stored(), says('rules'), ask('--state')]).toEqual(['80', '80', 'as-loaded', 'failed']);
      const asItFailed = run(`cat ${seen}`);
      expect(asItFailed).not.toContain('filter_INPUT');
      expect(database(asItFailed)).toBe('denied');
      expect(run('nft list tables')).toBe('table inet firewalld\n');
      expect(checked(textOf(443))).toBe('ok uploaded, refused firewalld-failed');
      run('rm /etc/firewalld/ipsets/theirs.xml');
      expect([program('rules'), runs(), ask('--state')]).toEqual([
        expect.stringContaining('ok loaded'),
        '80',
        'running',
      ]);
    });

    test('loads its release again after another program’s failed reload, or a start with the package’s open files', () => {
      expect(delivered(host(WEB))).toEqual(CONFIRMED);
      overlaps();
      const opened = (): string =>
        run('nft list ruleset | grep -E "chain filter_INPUT |tcp dport 22 "').replace(/\s+/g, ' ');
      const back = (): readonly unknown[] => [runs(), program('rules'), runs(), ask('--state')];
      const BACK = ['none', expect.stringContaining('ok loaded'), '80', 'failed'];
      expect(ask('--reload')).toContain('conflicting intervals');
      expect(opened()).toBe('');
      expect(back()).toEqual(BACK);
      stop();
      start();
      expect(opened()).toMatch(/^ chain filter_INPUT { tcp dport 22 /);
      expect(back()).toEqual(BACK);
      run('rm /etc/firewalld/ipsets/theirs.xml');
      expect([program('rules'), runs(), ask('--state')]).toEqual([
        expect.stringContaining('ok loaded'),
        '80',
        'running',
      ]);
      // A text that firewalld refuses before it reloads changes nothing.
      run('mkdir -p /etc/firewalld/zones; echo "<zone>" >/etc/firewalld/zones/work.xml');
      for (const reload of ['--reload', '--complete-reload'])
        expect([ask(reload).split('\n').at(-1), ask('--state'), runs()]).toEqual([
          expect.stringContaining('INVALID_ZONE'),
          'running',
          '80',
        ]);
    });

    test('restores the host’s rules if firewalld can’t load a first release', () => {
      const before = run('nft -s list table inet firewalld');
      const first = host(WEB);
      delivered(first, ['upload', 'check']);
      overlaps();
      expect(program(`arm ${first.identity} 300 2>/dev/null`)).toMatch(/refused load-failed$/);
      expect([run('nft -s list table inet firewalld'), files(), program('status')]).toEqual([
        before,
        [],
        expect.not.stringContaining('cf-web'),
      ]);
      run('rm /etc/firewalld/ipsets/theirs.xml');
      expect([ask('--reload'), ...delivered(host(WEB))]).toEqual(['success', ...CONFIRMED]);
    });

    test('rolls back an armed release though a broken file of another program keeps firewalld from reloading', () => {
      const broken = (): string => run('mkdir -p /etc/firewalld/zones; echo "<zone>" >/etc/firewalld/zones/work.xml');
      const undone = (one: ReturnType<typeof host>): string => program(`rollback ${one.identity} 2>/dev/null`);
      const ROLLED_BACK = expect.stringContaining('ok rolled-back');
      const first = host(WEB);
      delivered(first, ['upload', 'check', 'arm']);
      broken();
      expect([undone(first), run('nft list table inet firewalld | grep -c cf-web'), files(), says('state')]).toEqual([
        ROLLED_BACK,
        '0\n',
        [],
        'nothing',
      ]);
      run('rm /etc/firewalld/zones/work.xml');
      expect(delivered(host(WEB))).toEqual(CONFIRMED);
      const next = host(textOf(443));
      delivered(next, ['upload', 'check', 'arm']);
      broken();
      expect([undone(next), runs(), stored(), says('rules')]).toEqual([ROLLED_BACK, '80', '80', 'as-loaded']);
      run('rm /etc/firewalld/zones/work.xml');
      expect([ask('--reload'), runs(), says('rules')]).toEqual(['success', '80', 'as-loaded']);
    });
  },
);
