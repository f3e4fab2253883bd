import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtCommand } from './built-command';

const WILD = join(__dirname, 'wild');
const built = builtCommand();

function run(input: string, ...args: readonly string[]): { readonly status: number | null; readonly out: string; readonly said: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(built, 'cli/main.js'), 'exposure', ...args], {
    input,
    encoding: 'utf8',
    cwd: WILD,
  });
  return { status, out: stdout, said: stderr };
}

describe('cpanel-edge exposure', () => {
  it('shows a file, and the same on standard input', () => {
    const file = run('', 'fail2ban.nft');
    expect(file).toMatchObject({ status: 0, said: '' });
    const input = run(readFileSync(join(WILD, 'fail2ban.nft'), 'utf8'), '-');
    expect(input.out.replace('standard input', 'fail2ban.nft')).toBe(file.out);
  });

  it('ends with 3 where what was asked for is unknown', () => {
    expect(run('', 'fail2ban.nft', '--port', '993').status).toBe(3);
    expect(run('', 'fail2ban.nft', '--port', '25').status).toBe(0);
    expect(run('', 'fail2ban.nft', '--fail-on', 'unknown').status).toBe(3);
    expect(run('', 'firewalld.nft', '--fail-on', 'unknown').status).toBe(0);
  });

  it('ends with 2 and every problem, and never with a stack', () => {
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

  it('says what is wrong with a file in words, not in those of the system', () => {
    expect(run('', 'no-such-file').said).toContain("It can't be read: there is no such file or folder.");
    expect(run('', 'no-such-file', '/dev/null/x').said).not.toMatch(/ENO|stat|open '/);
  });

  it('an interface that nobody has is a question that nobody meant', () => {
    const { status, out, said } = run('', 'handmade.nft', '--vantage', 'lan0,lan9');
    expect([status, out]).toEqual([2, '']);
    expect(said).toMatch(
      /^review\/no-such-vantage at --vantage: No interface is called "lan9"\.\n {2}instead: .*lan0.*--interface lan9:outside/,
    );
    expect(run('', 'handmade.nft', '--vantage', 'lan9', '--interface', 'lan9:outside').status).not.toBe(2);
  });

  it('a plan without anything of ours is no answer', () => {
    const plan = { format_version: '1.2', terraform_version: '1.11.4', planned_values: {}, resource_changes: [], configuration: {} };
    const { status, out, said } = run(JSON.stringify(plan), '-');
    expect([status, out]).toEqual([2, '']);
    expect(said).toContain('review/nothing-of-ours at standard input');
  });

  it('reads what verify --json prints of several devices, unless one of them could not be asked', () => {
    const facts = { addresses: '', links: '', routes: '', forwarding: { ip: false, ip6: false }, legacyTables: [], version: '1.0.6' };
    const ruleset = readFileSync(join(WILD, 'fail2ban.nft'), 'utf8');
    const answers = (...devices: readonly object[]): string => JSON.stringify({ format: 1, same: true, devices });
    const both = run(answers({ device: 'a', ruleset, facts }, { device: 'b', ruleset, facts }), '-');
    expect([both.said, both.out.match(/^standard input: [ab]:/gm)]).toEqual(['', ['standard input: a:', 'standard input: b:']]);
    const one = run(answers({ device: 'a', ruleset, facts }, { device: 'b', problems: [] }), '-');
    expect([one.status, one.said]).toEqual([2, expect.stringContaining('review/not-each-asked')]);
  });
});
