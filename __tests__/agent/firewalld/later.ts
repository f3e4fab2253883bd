// Test of the agent with later versions of firewalld: the rules of a release are never away while firewalld starts
// anew. Also a helper that returns whether a delivery would find its rules loaded and in place.

import { host, onLaterFirewalld, textOf } from './host';
import { CONFIRMED } from '../under-shell';

type OnHost = Parameters<typeof onLaterFirewalld>[1];
type Host = Parameters<OnHost>[0];

/** Whether a delivery would find its rules loaded and in their place. */
export function isThere({ step }: Host): string {
  const release = host(textOf(80));
  const answer = step('upload', release);
  if (answer !== 'ok running') step('rollback', release);
  return answer;
}

export const startedAnew: OnHost = ({ run, delivered, start, kill, systemd, folder, runs }) => {
  test('stay in the kernel while firewalld starts anew, which first removes its own rules', () => {
    expect(delivered(host(textOf(80)))).toEqual(CONFIRMED);
    const events = `${folder}/events`;
    const monitor = run(`nft monitor >${events} 2>&1 & echo $!`).trim();
    // The program listens once it has reported something.
    run(`until [ -s ${events} ]; do nft add table inet begins; nft delete table inet begins; sleep 0.05; done`);
    // A firewalld that is killed during a reload leaves these rules.
    run(
      "nft 'add table inet firewalld_policy_drop; add chain inet firewalld_policy_drop c { type filter hook input priority 9; policy drop; }'",
    );
    systemd('ExecStartPre');
    kill();
    start();
    systemd('ExecStartPost');
    run(
      `nft add table inet ends; until grep -q 'add table inet ends' ${events}; do sleep 0.05; done; nft delete table inet ends; kill ${monitor}`,
    );
    const lines = run(`cat ${events}`).split('\n');
    const told = [
      lines.findIndex((line) => line.includes('inet firewalld_starts input') && line.includes('drop')),
      lines.indexOf('delete table inet firewalld'),
      lines.findIndex((line) => line.endsWith(' jump filter_IN_policy_cf-web-in')),
      lines.lastIndexOf('delete table inet firewalld_starts'),
    ];
    expect(told.every((at, n) => at > (told[n - 1] ?? 0))).toBe(true);
    expect([runs(), run('nft list tables')]).toEqual(['80', 'table inet firewalld\n']);
  });
};
