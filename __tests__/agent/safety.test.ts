// Tests that the agent accepts only texts as the generator makes them, rolls back a first release that closes
// everything, forgets an upload whose connection dies, and shows no rules of others in its messages. Runs on a test
// device with the real nft.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Release } from '../../lib/agent-protocol/release';
import { Sent, sent, tableText } from './stream';
import { underShells } from './under-shell';
import { drawCases } from '../randomly';
import { DEVICE_SHELLS, addFullRows } from '../tier';

jest.setTimeout(60_000);

const CASES = join(__dirname, '../cases');

/** The texts that the generator makes. */
const written = (readdirSync(CASES, { recursive: true }) as string[])
  .filter((path) => path.endsWith('nftables.golden'))
  .flatMap((path) =>
    readFileSync(join(CASES, path), 'utf8')
      .split(/^# .*\n(?=table )/m)
      .filter((text) => text.startsWith('table inet '))
      .map((text) => ({ path, text })),
  );

underShells(
  DEVICE_SHELLS,
  'hostile or damaged input',
  ({ run, program, word, delivered, device, ports, step, fresh }, shell) => {
    const uploaded = (text: string, parts: Partial<Release> = {}): string => {
      const release = sent({ text, ...parts });
      const answer = program(release.upload, release.file);
      program(`rollback ${release.identity}`);
      return answer;
    };
    const home = '/etc/cpanel-edge/gateway-web';
    afterEach(() => fresh());

    describe('a text', () => {
      const inside = (line: string): string =>
        tableText(1001).replace('        tcp dport', `        ${line}\n        tcp dport`);
      test.each(
        addFullRows(
          [
            ['an include after a semicolon', inside('ct state new; include "/root-only"')],
            ['a table that ends early', inside('}}; flush ruleset; table inet evil { chain x {')],
            ['a second table', `${tableText(1001)}table inet other {\n}\n`],
            ['a quote that continues in the next line', inside('tcp dport 1 drop comment "\n include "')],
            ['a character that ends a string', inside('tcp dport 1 drop comment "\u0000" ; include "/root-only"')],
          ],
          [
            ['an include without a space', inside('include"/root-only"')],
            ['depth that comes out even', inside('}; }; table inet evil { chain x {')],
            ['a closing and an opening brace on a line', inside('} } table inet evil { chain x {')],
            ['text after the last brace', tableText(1001).replace(/\}\n$/, '} flush ruleset\n')],
            ['a comment after the table', `${tableText(1001)}# more\n`],
            ['a definition', inside('define x = 1')],
            ['a variable', inside('tcp dport $x drop')],
            ['a delete command', inside('delete rule inet other x handle 1')],
            ['a line that continues in the next', inside('tcp dport 1 \\')],
            [
              'a semicolon after a hook',
              tableText(1001).replace('policy accept;', 'policy accept; include "/root-only";'),
            ],
            ['a table that does not end', tableText(1001).replace(/\}\n$/, '')],
          ],
        ),
      )('with %s is refused', (_, text) => {
        expect(uploaded(text)).toMatch(/refused upload-damaged part=text-[a-z-]+$/);
      });

      test('of the generator is accepted', () => {
        expect(written.length).toBeGreaterThan(17);
        const refused = drawCases(written, 5)
          .map(({ path, text }) => ({ path, said: uploaded(text) }))
          .filter(({ said }) => !/ok uploaded/.test(said));
        expect(refused).toEqual([]);
      });
    });

    describe('a first release that closes everything is rolled back', () => {
      const closed = (): Sent => sent({ text: tableText(1001).replace('policy accept', 'policy drop') });
      const armed = (one: Sent): string | undefined => delivered(one, ['upload', 'check', 'arm']).at(-1);
      const forwards = (): string => run('nft list ruleset');

      test('if the loaded release can not be stored', () => {
        const release = closed();
        delivered(release, ['upload', 'check']);
        // As on a full disk, also for root's processes.
        run(`mkdir ${home}/loaded.new`);
        expect(program(`arm ${release.identity} 300`)).toContain('cpanel-edge: failed load-and-undo-failed');
        expect(ports()).toEqual([]);
        expect(forwards()).not.toContain('policy drop');
        run(`rmdir ${home}/loaded.new`);
        expect(step('rollback', release)).toBe('ok rolled-back');
        expect(armed(closed())).toBe('ok armed');
      });
    });

    test('an upload whose connection dies delays no other upload, and leaves nothing', async () => {
      const release = sent({ text: tableText(1001) });
      run('rm -f /run/still; mkfifo /run/still');
      const running = device().begin(`cat /run/still | ${shell} /usr/local/sbin/cpanel-edge-device ${release.upload}`);
      run('until ls /etc/cpanel-edge/coming-* >/dev/null 2>&1; do sleep 0.05; done');
      // The upload can't end before something is written there.
      expect(word('rules')).toBe('ok loaded');
      run('echo more >/run/still');
      await running;
      expect(run('ls /etc/cpanel-edge')).not.toContain('coming');
    });

    test('reports forwarding if one interface forwards, and routes without the local ones', () => {
      const section = (name: string): string =>
        new RegExp(`section ${name}\\n((?:\\|.*\\n)*)`).exec(program('read'))![1]!;
      expect(section('routes')).toMatch(/^\|203\.0\.113\.0\/24 dev wan0 /m);
      expect(section('routes')).not.toMatch(/^\|(local|broadcast) /m);
      run('sysctl -qw net.ipv4.ip_forward=0 net.ipv6.conf.all.forwarding=0');
      expect(section('forwarding')).toBe('|0\n|0\n');
      run('sysctl -qw net.ipv4.conf.wan0.forwarding=1');
      expect(section('forwarding')).toBe('|1\n|0\n');
      // Linux has this field since 6.17.
      const forced = run('ls /proc/sys/net/ipv6/conf/wan0').includes('force_forwarding');
      if (forced) run('sysctl -qw net.ipv6.conf.wan0.force_forwarding=1');
      expect(section('forwarding')).toBe(`|1\n|${forced ? 1 : 0}\n`);
      run('sysctl -qw net.ipv4.ip_forward=1');
    });

    test('prints nft’s messages about a text without rules of others', () => {
      const release = sent({ text: tableText(1001).replace('drop', 'frobnicate') });
      program(release.upload, release.file);
      const answer = program(`check ${release.identity}`).split('\n');
      expect(answer.at(-1)).toMatch(/refused syntax$/);
      expect(answer.length).toBeGreaterThan(1);
      for (const line of answer.slice(0, -1)) expect(line).toMatch(/^\|\/dev\/stdin:\d+:\d+-\d+: Error: /);
    });
  },
);
