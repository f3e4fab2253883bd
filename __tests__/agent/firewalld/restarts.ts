// Tests of the real firewalld that is killed within a reload, declared for each version of it: the host stays closed.

import { host, onFirewalld, textOf } from './host';
import { CONFIRMED } from '../under-shell';

type OnHost = Parameters<typeof onFirewalld>[1];

export const CALLED = 'a firewalld that is killed within a reload';

// firewalld's rules are gone then. The rules by which it meanwhile drops everything are removed by its next start
// alone.
export const tests: OnHost = ({ run, delivered, kill, start, systemd, folder, itsNumber, runs }) => {
  const tables = (): readonly string[] => run('nft list tables').trim().split('\n').sort();
  /** Whether packets that begin a connection are dropped. */
  const drops = (): boolean => /hook input[^}]*drop/.test(run('nft list table inet firewalld_starts 2>/dev/null || :'));

  test('keeps the host closed at its start, however often it is killed', () => {
    expect(delivered(host(textOf(80)))).toEqual(CONFIRMED);
    // A busy machine may be too slow to catch the moment within one reload.
    run(
      `(for _ in 1 2 3 4 5 6 7 8 9 10; do
        ${folder}/bin/firewall-cmd --reload >/dev/null 2>&1 & reload=$!
        while kill -0 $reload 2>/dev/null; do
          nft list table inet firewalld_policy_drop >/dev/null 2>&1 && ! nft list table inet firewalld >/dev/null 2>&1 || continue
          kill -s KILL ${itsNumber()}; wait; exit
        done
      done)`,
    );
    kill();
    // On a busy machine firewalld has loaded some of its rules again by then, or checks the kernel's features.
    for (const table of ['firewalld', 'firewalld_probe']) run(`nft delete table inet ${table} 2>/dev/null || :`);
    expect(tables()).toEqual(['table inet firewalld_policy_drop']);
    // firewalld is stopped before it begins.
    systemd('ExecStartPre', 1);
    expect(tables()).toEqual(['table inet firewalld_policy_drop']);
    systemd('ExecStartPre');
    expect([tables(), drops()]).toEqual([['table inet firewalld_starts'], true]);
    // firewalld is killed before it has loaded any rule.
    systemd('ExecStartPre');
    expect([tables(), drops()]).toEqual([['table inet firewalld_starts'], true]);
    // firewalld is stopped while it loads.
    systemd('ExecStartPost', 1);
    expect([tables(), drops()]).toEqual([['table inet firewalld_starts'], true]);
    start();
    expect(drops()).toBe(true);
    systemd('ExecStartPost');
    expect([runs(), tables()]).toEqual(['80', ['table inet firewalld']]);
  });
};
