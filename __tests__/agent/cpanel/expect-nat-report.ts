// Asserts what the agent prints about the public addresses of a cPanel server.

import { underShell } from '../under-shell';

export const NEVER = 'nobody-may-read-this';
export const [CPNAT, SOURCES, FTPD] = ['/var/cpanel/cpnat', '/etc/cpsources.conf', '/etc/pure-ftpd.conf'];

/** Returns the agent's report on public addresses, and asserts that it shows no other text of the files (`NEVER`). */
export function natSaid(under: ReturnType<typeof underShell>) {
  const { run, program } = under;
  const said = (of = 'facts'): string => {
    const answer = program(of);
    expect(answer).toMatch(new RegExp(`^cpanel-edge: ok ${of}$`, 'm'));
    expect(answer).not.toContain(NEVER);
    return /section cpanel-nat\n((?:\|.*\n)*)cpanel-edge: /.exec(answer)![1]!.replaceAll('|', '');
  };
  const withCpnat = (text: string): string => {
    run(`: >/var/cpanel/cpanel.config; cat >${CPNAT}`, text);
    return said();
  };
  afterEach(() => void run(`rm -rf /var/cpanel/* ${SOURCES} ${FTPD}`));
  return { said, withCpnat };
}
