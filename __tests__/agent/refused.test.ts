// Tests refusals of the agent: incomplete uploads, wrong arguments, disks that can't be written, a second delivery at
// the same time. Each leaves what runs. Runs on a test device with the real nft.

import { Release } from '../../lib/agent-protocol/release';
import { sent, tableText } from './stream';
import { gateway, underShells } from './under-shell';
import { DEVICE_SHELLS } from '../tier';

jest.setTimeout(60_000);

underShells(
  DEVICE_SHELLS,
  'refusals of the agent',
  ({ run, device, program, word, step, delivered, retract, ports }) => {
    afterEach(() => void retract());

    test('a first upload that is refused leaves no folder', () => {
      const release = gateway(1001);
      expect(word(release.upload, release.file.replace('dport 1001', 'dport 1002'))).toBe('refused upload-damaged');
      expect(run('ls /etc/cpanel-edge')).not.toContain('gateway-web');
      expect(program('status')).not.toContain('owner=web');
    });

    test('a disk that can’t be written: nothing is removed or forgotten, and it is reported', () => {
      expect(delivered(gateway(1001))).toContain('ok confirmed');
      const readOnly = (words: string): string =>
        device()
          .apart(`mount -o remount,bind,ro /etc/cpanel-edge && /usr/local/sbin/cpanel-edge-device ${words}`)
          .trimEnd();
      expect(readOnly(`retract gateway web lease-1 ${'a'.repeat(32)}`)).toBe(
        'cpanel-edge: refused folder-not-writable folder=/etc/cpanel-edge/gateway-web',
      );
      expect(readOnly('forget gateway web lease-1')).toBe(
        'cpanel-edge: refused folder-not-writable folder=/etc/cpanel-edge/gateway-web',
      );
      expect(program('status')).toMatch(/owner=web .* lease=lease-1 .* rules=as-loaded .* state=confirmed /);
      // The device has no owner meanwhile.
      expect(retract()).toBe('cpanel-edge: ok retracted left=nothing');
    });

    test('nothing is loaded if the boot’s files can’t be written', () => {
      const release = gateway(1001);
      expect(delivered(release, ['upload', 'check'])).toEqual(['ok uploaded', 'ok checked']);
      expect(
        device().apart(
          `mount -o remount,bind,ro /etc/systemd/system && /usr/local/sbin/cpanel-edge-device arm ${release.identity} 300`,
        ),
      ).toMatch(/^cpanel-edge: refused units-not-written$/m);
      expect([ports(), step('rollback', release), delivered(gateway(1002)).at(-1)]).toEqual([
        [],
        'ok rolled-back',
        'ok confirmed',
      ]);
    });

    test('a disk that can’t store a confirm is reported, and the release is rolled back', () => {
      expect(delivered(gateway(1001))).toContain('ok confirmed');
      const two = gateway(1002);
      delivered(two, ['upload', 'check', 'arm']);
      expect(
        device().apart(
          `mount -o remount,bind,ro /etc/cpanel-edge && /usr/local/sbin/cpanel-edge-device confirm ${two.identity}`,
        ),
      ).toBe('cpanel-edge: refused disk-full\n');
      expect([step('rollback', two), step('confirm', two), ports()]).toEqual([
        'ok rolled-back',
        'refused not-armed',
        ['1001'],
      ]);
      retract();
    });

    test('one delivery at a time, and the other one is named', () => {
      const release = gateway(1001);
      expect(step('upload', release)).toBe('ok uploaded');
      const other = sent({ owner: 'blog', text: tableText(1003, 'cpanel_edge_blog') });
      expect(program(other.upload, other.file)).toMatch(/refused busy holder=gateway-web since=\d+s$/);
      expect(step('check', other)).toBe('refused not-the-holder');
      step('rollback', release);
      expect(step('upload', other)).toBe('ok uploaded');
      step('rollback', other);
    });

    test('incomplete uploads, and releases that the agent may not load, are refused', () => {
      const release = gateway(1001);
      const faulty = (file: string): string => program(release.upload, file);
      expect(faulty(release.file.replace('1001', '1000'))).toMatch(/upload-damaged part=digest$/);
      expect(faulty(release.file.slice(0, -20))).toMatch(/upload-damaged part=cut-off$/);
      expect(faulty('')).toMatch(/upload-damaged part=cut-off$/);
      expect(faulty(release.file.replace(/^.*\n/, ''))).toMatch(/upload-damaged part=foreign-format$/);
      expect(faulty(`${release.file}more\n`)).toMatch(/upload-damaged part=more-than-announced$/);
      const evil = (tail: string): string => {
        const bad = sent({ text: tableText(1001) + tail });
        return program(bad.upload, bad.file);
      };
      expect(evil('flush ruleset\n')).toMatch(/part=text-after-table$/);
      expect(evil('table inet other {\n}\n')).toMatch(/part=text-after-table$/);
      const include = sent({ text: tableText(1001).replace('    chain', '  include "/etc/passwd"\n    chain') });
      expect(program(include.upload, include.file)).toMatch(/part=text-word$/);
      const syntax = sent({ text: tableText(1001).replace('drop', 'frobnicate') });
      expect([step('upload', syntax), step('check', syntax)]).toEqual(['ok uploaded', 'refused syntax']);
      const nowhere = sent({
        text: tableText(1001),
        addresses: [{ kind: 'alias', interface: 'eth9', address: '203.0.113.10/32' }],
      });
      expect([step('upload', nowhere), step('check', nowhere)]).toEqual(['ok uploaded', 'refused no-interface']);
      expect(run('nft list ruleset')).toBe('');
    });

    // A login may run a program on the server that listens there.
    test('a server’s release with translations of other connections, or with addresses, is refused', () => {
      const uploaded = (parts: Partial<Release>): string => {
        const { upload, file } = sent({ role: 'server', text: tableText(1001), ...parts });
        return program(upload, file);
      };
      const withHook = (line: string): string => uploaded({ text: tableText(1001).replace(/type .*accept;/, line) });
      const OUTPUT = 'type nat hook output priority -100; policy accept;\n';
      expect([
        withHook('type nat hook prerouting priority dstnat; policy accept;\ntcp dport 443 redirect to :8443'),
        withHook('type nat hook prerouting priority dstnat'),
        withHook('type filter hook "prerouting" priority 0'),
        withHook(`${OUTPUT}tcp dport 3306 redirect to :8443`),
        withHook('type filter hook input priority 0; policy accept;\ndup to 198.51.100.7'),
      ]).toEqual(Array(5).fill('cpanel-edge: refused upload-damaged part=text-word'));
      expect(uploaded({ addresses: [{ kind: 'alias', interface: 'wan0', address: '203.0.113.77/32' }] })).toMatch(
        /part=address-line$/,
      );
      expect(withHook(`${OUTPUT}ip daddr 203.0.113.10 dnat ip to 10.0.0.10`)).toMatch(/^cpanel-edge: ok uploaded/);
      run('rm -rf /etc/cpanel-edge/* /run/cpanel-edge/*');
    });

    test('wrong arguments are refused before anything is done', () => {
      for (const words of [
        '',
        'nothing',
        'status more',
        'upload gateway web',
        "upload gateway '../x' lease-1 " + '0'.repeat(64) + ' abcdabcdabcdabcd',
        "check gateway web 'abcd; id'",
        'check router web abcdabcdabcdabcd',
        'arm gateway web abcdabcdabcdabcd 0',
        'arm gateway web abcdabcdabcdabcd 99999',
        "accept '*'",
        "check gateway 'web\nx' abcdabcdabcdabcd",
      ]) {
        expect(program(words)).toMatch(/^cpanel-edge: refused (wrong-argument \w+|unknown-command)$/);
      }
      expect(run('ls /etc/cpanel-edge')).toBe('');
    });
  },
);
