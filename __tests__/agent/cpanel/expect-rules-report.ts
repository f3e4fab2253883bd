// Asserts what the agent prints about the rules that cPanel's own program makes.

import { underShell } from '../under-shell';

export const KEY = 'skip_rules_added_by_configure_firewall_for_cpanel';
export const NEVER = 'nobody-may-read-this';

/** Returns the agent's report on cPanel's own rules, and asserts that it shows no other text of the file (`NEVER`). */
export function rulesSaid(under: ReturnType<typeof underShell>) {
  const { run, program } = under;
  const FILE = '/var/cpanel/cpanel.config';
  const said = (of = 'facts'): string => {
    const answer = program(of);
    expect(answer).toMatch(new RegExp(`^cpanel-edge: ok ${of}$`, 'm'));
    expect(answer).not.toContain(NEVER);
    return /section cpanel-rules\n((?:\|.*\n)*)cpanel-edge: /.exec(answer)![1]!;
  };
  const withFile = (text: string): string => {
    run(`cat >${FILE}`, text);
    return said();
  };
  afterEach(() => void run('rm -rf /var/cpanel/* /run/cpanel-edge/timer-firewalld.service'));
  return { FILE, said, withFile };
}
