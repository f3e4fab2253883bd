// Tests the command `exposure`: which inputs it takes, what it prints or writes in each format, and the exit status for
// open, unknown and wrong input.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtCommand, Printed, typed } from '../built-command';
import { sha256 } from '../printing/parsed';
import { temporaryFolder } from '../temporary-folder';

const WILD = join(__dirname, '../platforms/nftables/wild');
const built = builtCommand();
const folder = temporaryFolder();

const run = (input: string, ...args: readonly string[]): Printed =>
  typed(built, ['exposure', ...args], { cwd: WILD, input });

const input = (rules: string): string =>
  `table inet x {\n\tchain i {\n\t\ttype filter hook input priority 0; policy drop;\n\t\t${rules}\n\t}\n}\n`;

describe('cpanel-edge exposure', () => {
  it('gives the same for a file and standard input', () => {
    const file = run('', 'fail2ban.nft');
    expect(file).toMatchObject({ status: 0, said: '' });
    const fromInput = run(readFileSync(join(WILD, 'fail2ban.nft'), 'utf8'), '-');
    expect(fromInput.out.replace('standard input', 'fail2ban.nft')).toBe(file.out);
    // The report that the pages show.
    const page = (path: string): string => readFileSync(join(__dirname, '../..', path), 'utf8');
    const [, shown] = /```text\n([^]*?)```/.exec(page('docs/how-to/exposure.md'))!;
    expect(file.out).toBe(shown!.replace('rules.nft', 'fail2ban.nft'));
    const [, answered] = /```text\n(mysql: NO.*)\n/.exec(page('docs/how-to/exposure.md'))!;
    expect(run('', 'fail2ban.nft', '--service', 'mysql').out.split('\n')[0]!.replace('fail2ban.nft', 'rules.nft')).toBe(
      answered,
    );
  });

  it('exits with 3 if the answer is unknown', () => {
    const halfKnown = input('tcp dport 22 quota until 9 mbytes accept; tcp dport 25 accept');
    expect(run(halfKnown, '-', '--port', '22').status).toBe(3);
    expect(run(halfKnown, '-', '--port', '25').status).toBe(0);
    expect(run(halfKnown, '-', '--fail-on', 'unknown').status).toBe(3);
    expect(run(halfKnown, '-', '--fail-on', 'reachable,unknown').status).toBe(1);
    // Bans that expire keep out some clients, and leave nothing unknown.
    expect(run('', 'fail2ban.nft', '--port', '993').status).toBe(0);
    expect(run('', 'firewalld.nft', '--fail-on', 'unknown').status).toBe(0);
  });

  it('exits with 1 if --fail-on reachable is given and packets pass', () => {
    const reaches = (...args: readonly string[]): number | null =>
      run('', 'fail2ban.nft', '--forwards', 'no', '--from', 'internet', '--fail-on', 'reachable', ...args).status;
    expect([reaches('--service', 'mysql'), reaches('--service', 'ssh')]).toEqual([0, 1]);
    // One address may be open or not, and another one surely is.
    expect(reaches('--port', '993')).toBe(1);
    expect(reaches('--fail-on', 'nobody')).toBe(2);
    const failsOnReachable = (rules: string): number | null =>
      run(input(rules), '-', '--forwards', 'no', '--fail-on', 'reachable').status;
    expect(failsOnReachable('tcp dport 22 limit rate 3/minute accept')).toBe(1);
    expect(failsOnReachable('tcp dport 22 quota until 9 mbytes accept')).toBe(3);
  });

  it('exits with 2 and all problems, without a stack trace', () => {
    const { status, said } = run('', 'no-such-file', 'cpanel.exposure.txt');
    expect(status).toBe(2);
    expect(said).toContain('cli/file-unreadable at no-such-file');
    expect(said).toContain('review/not-recognised at cpanel.exposure.txt');
    for (const args of [
      ['fail2ban.nft', '--to', 'x'],
      ['fail2ban.nft', '--interface', 'x'],
      ['fail2ban.nft', '--facts', 'fail2ban.nft'],
      ['fail2ban.nft', '--to', ''],
      ['fail2ban.nft', '--port', '80,,443'],
      [],
    ]) {
      const one = run('', ...args);
      expect(one.status).toBe(2);
      expect(one.said).not.toMatch(/^ {4}at /m);
    }
  });

  it.each([
    [
      'eth0=10.0.0.1/33',
      '"10.0.0.1/33" is no address with its length: a length of IPv4 is 32 at most. Instead: eth0:outside, ',
    ],
    [
      'eth0=10.0.0.2/24,2001:db8::2/129:outside',
      '"2001:db8::2/129" is no address with its length: a length of IPv6 is 128 at most. ',
    ],
    ['eth0=10.0.0.1', '"10.0.0.1" is no address with its length. Instead: '],
    ['eth0', 'is invalid. eth0:outside, '],
  ])('explains what is wrong with --interface %s', (told, words) => {
    const { status, said } = run('', 'fail2ban.nft', '--interface', told);
    expect([status, said]).toEqual([2, expect.stringContaining(words)]);
  });

  it("accepts the output of verify --json for several devices, unless one couldn't be asked", () => {
    const facts = {
      addresses: '',
      links: '',
      routes: '',
      forwarding: { ip: false, ip6: false },
      legacyTables: [],
      version: '1.0.6',
    };
    const ruleset = readFileSync(join(WILD, 'fail2ban.nft'), 'utf8');
    const answers = (...devices: readonly object[]): string => JSON.stringify({ schema: 2, matches: true, devices });
    const both = run(answers({ device: 'a', ruleset, facts }, { device: 'b', ruleset, facts }), '-');
    expect([both.said, both.out.match(/^standard input: [ab]:(?! Open)/gm)]).toEqual([
      '',
      ['standard input: a:', 'standard input: b:'],
    ]);
    const one = run(answers({ device: 'a', ruleset, facts }, { device: 'b', problems: [] }), '-');
    expect([one.status, one.said]).toEqual([2, expect.stringContaining('review/not-each-asked')]);
  });
});

test('--format html is a page whose security policy has the digest of its style', () => {
  const { out } = run('', 'fail2ban.nft', '--format', 'html');
  const style = /<style>(.*)<\/style>/s.exec(out)![1]!;
  expect(out).toContain(`style-src &#39;sha256-${sha256(style)}&#39;;`);
  expect(out).toContain('<h2>fail2ban.nft: nftables</h2>');
});

test('--out writes the whole output or nothing, and prints the headline', () => {
  const [printed, path] = [run('', 'fail2ban.nft', '--format', 'json'), join(folder, 'exposure.json')];
  const { headline } = JSON.parse(printed.out) as { readonly headline: string };
  expect(run('', 'fail2ban.nft', '--format', 'json', '--out', path)).toEqual({
    status: 0,
    out: `${headline}\n`,
    said: '',
  });
  expect(readFileSync(path, 'utf8')).toBe(printed.out);
  expect(run('', path, '--out', path)).toMatchObject({
    status: 2,
    said: expect.stringContaining('it is what is read here'),
  });
  const nowhere = run('', 'fail2ban.nft', '--out', join(folder, 'no/such/x.html'));
  expect([nowhere.status, nowhere.out]).toEqual([2, '']);
  expect(nowhere.said).toContain('cli/file-unwritable');
  // The exit status depends on the question as without --out.
  expect(run('', 'fail2ban.nft', '--fail-on', 'reachable', '--out', path).status).toBe(
    run('', 'fail2ban.nft', '--fail-on', 'reachable').status,
  );
});

test('--json stands for --format json in each command that has it, and conflicts with another format', () => {
  const short = run('', 'fail2ban.nft', '--json');
  expect(short).toEqual(run('', 'fail2ban.nft', '--format', 'json'));
  expect(JSON.parse(short.out)).toMatchObject({ schema: 2 });
  const both = run('', 'fail2ban.nft', '--json', '--format', 'text');
  expect([both.status, JSON.parse(both.out)]).toMatchObject([2, { problems: [{ code: 'cli/options-conflict' }] }]);
  for (const command of ['exposure', 'review', 'verify', 'doctor']) {
    const { out } = typed(built, [command, '--help']);
    expect(out).toMatch(/^ {2}--format <format> /m);
    expect(out).toMatch(/^ {2}--json /m);
  }
});
