// Tests of a firewalld that is killed within a reload, run with each version of firewalld.

import { host, onFirewalld, textOf } from './host';
import { CONFIRMED } from '../under-shell';

type OnHost = Parameters<typeof onFirewalld>[1];

export const CALLED = 'a firewalld that a restart kills within a reload';

// Its rules are gone then, and what it drops everything by meanwhile is taken away by nobody but the next start.
export const tests: OnHost = ({ run, delivered, kill, start, systemd, folder, itsNumber, runs }) => {
  const tables = (): readonly string[] => run('nft list tables').trim().split('\n').sort();
  /** Whether what begins a connection is dropped. */
  const drops = (): boolean => /hook input[^}]*drop/.test(run('nft list table inet firewalld_starts 2>/dev/null || :'));

  test('lets nobody in as it starts, however often that is', () => {
    expect(delivered(host(textOf(80)))).toEqual(CONFIRMED);
    // A busy machine may be too slow to see the moment within one reload.
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
    // On a busy machine it has loaded some of them again by then, or asks what the kernel can.
    for (const table of ['firewalld', 'firewalld_probe']) run(`nft delete table inet ${table} 2>/dev/null || :`);
    expect(tables()).toEqual(['table inet firewalld_policy_drop']);
    // Stopped before it begins.
    systemd('ExecStartPre', 1);
    expect(tables()).toEqual(['table inet firewalld_policy_drop']);
    systemd('ExecStartPre');
    expect([tables(), drops()]).toEqual([['table inet firewalld_starts'], true]);
    // Killed before it has loaded anything.
    systemd('ExecStartPre');
    expect([tables(), drops()]).toEqual([['table inet firewalld_starts'], true]);
    // Stopped while it loads.
    systemd('ExecStartPost', 1);
    expect([tables(), drops()]).toEqual([['table inet firewalld_starts'], true]);
    start();
    expect(drops()).toBe(true);
    systemd('ExecStartPost');
    expect([runs(), tables()]).toEqual(['80', ['table inet firewalld']]);
  });
};
