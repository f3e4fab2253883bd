// Asserts what the agent prints as facts about a server.

import { underShell } from './under-shell';

export const NEVER = 'nobody-may-read-this';
export const CONFIG = '/var/cpanel/cpanel.config';

/** Returns the agent's facts about a server, and asserts that they show no other text. */
export function serverSaid(under: ReturnType<typeof underShell>) {
  const { run, program } = under;
  const said = (): string => {
    const answer = program('facts');
    expect(answer).toMatch(/^cpanel-edge: ok facts$/m);
    expect(answer).not.toContain(NEVER);
    return /section server\n((?:\|.*\n)*)cpanel-edge: /.exec(answer)![1]!.replaceAll('|', '');
  };
  const ofCpanel = (): string => said().replace(/^(listens|firewall) .*\n/gm, '');
  beforeEach(() => void run(`mkdir -p /var/cpanel/users /etc/cron.d; : >${CONFIG}`));
  afterEach(() => void run('rm -rf /var/cpanel/* /etc/exim.conf.localopts /etc/cron.d/*'));
  return { said, ofCpanel };
}
