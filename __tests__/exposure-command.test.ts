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
      [],
    ]) {
      const one = run('', ...args);
      expect(one.status).toBe(2);
      expect(one.said).not.toMatch(/^ {4}at /m);
    }
  });
});
