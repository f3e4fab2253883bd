// Tests the tools that fault tests use: a terminal in which Ctrl-C is pressed, a device's clock that jumps, a
// PostgreSQL server, and disks and lines that break (broken-disk.ts, broken-line.ts). Each does what it says, and can
// be undone.

import { match, strictEqual } from 'node:assert';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../command';
import { DeviceUser } from '../keys';
import { postgresPrograms, startPostgres } from '../postgres';
import { Terminal } from '../terminal';
import { brokenDisk } from './broken-disk';
import { brokenLine } from './broken-line';
import { Impossible, LabSuite } from './test';

/** Tests of the faults' tools: each must break what it says, and must be undone without a trace. */
export const means: LabSuite = {
  name: 'means to break things',
  disks: true,
  tests: [
    ...brokenDisk,
    ...brokenLine,
    {
      name: "Ctrl-C in a terminal reaches the foreground command and not the operator's other programs",
      run: async (lab) => {
        const terminal = Terminal.open(
          lab,
          `test -t 0 && test -t 1; trap 'echo "asked to stop"; exit 7' INT; echo "up $?"; while :; do sleep 0.1; done`,
        );
        await terminal.shows('up 0');
        terminal.ctrlC();
        strictEqual(await terminal.ended(20), 7);
        match(terminal.output, /asked to stop/);
        const plain = Terminal.open(lab, 'echo up; exec sleep 60');
        await plain.shows('up');
        plain.ctrlC();
        strictEqual(await plain.ended(20), 130);
      },
    },
    {
      name: 'a clock that jumps affects logins, sudo and units, and no timers or durations',
      run: async (lab) => {
        const machine = lab.device('edge1');
        const day = 86_400;
        const off = async (command: string, user: DeviceUser = 'root') =>
          Math.round((Number((await lab.ssh('edge1', command, { user })).out) - Date.now() / 1000) / day) + 0;
        const unit =
          'rm -f /run/said; systemd-run -q sh -c "date +%s >/run/.said; mv /run/.said /run/said"; while [ ! -e /run/said ]; do sleep 0.1; done; cat /run/said';
        writeFileSync(join(machine.root, 'etc/sudoers.d/test'), 'deploy ALL=(root) NOPASSWD: /usr/bin/date\n', {
          mode: 0o440,
        });
        for (const [offset, days] of [
          ['+1d', 1],
          ['-1d', -1],
        ] as const) {
          await machine.clock(offset);
          strictEqual(await off('date +%s'), days);
          strictEqual(await off('sudo -n /usr/bin/date +%s', 'deploy'), days);
          strictEqual(await off(unit), days);
        }
        await lab.does('edge1', 'systemd-run -q --on-active=3s --timer-property=AccuracySec=100ms touch /run/fired');
        await machine.clock('+1d');
        strictEqual((await lab.ssh('edge1', 'test -e /run/fired')).status, 1);
        await until('the timer fires', 20, async () => (await lab.ssh('edge1', 'test -e /run/fired')).status === 0);
        await lab.does('edge1', 'systemctl restart ssh');
        strictEqual(await off('date +%s'), 1);
        await machine.clock(null);
        for (const command of ['date +%s', unit]) strictEqual(await off(command), 0);
        await machine.clock('+1d');
        await machine.reboot();
        strictEqual(await off('date +%s'), 0);
        strictEqual(
          await lab.does('edge1', 'systemctl is-system-running --wait; rm /etc/sudoers.d/test; ls /etc/sudoers.d'),
          'running\nREADME\n',
        );
      },
    },
    {
      name: "the lab's PostgreSQL accepts the operator with the password and no other client",
      run: async (lab) => {
        if (postgresPrograms() === undefined) throw new Impossible('PostgreSQL is not installed (postgresql).');
        const postgres = await startPostgres(lab);
        const ask = (from: string, connection: string) =>
          lab.exec(from, ['psql', '--no-psqlrc', '-At', '-c', 'SELECT 1', connection], {
            env: { ...process.env, PGCONNECT_TIMEOUT: '5' },
          });
        strictEqual((await ask('operator', postgres.connection)).out, '1\n');
        match(
          (await ask('operator', postgres.connection.replace(/:[0-9a-f]{32}@/, ':wrong@'))).err,
          /password authentication failed/,
        );
        match((await ask('neighbour', postgres.connection)).err, /refused/);
        await postgres.stop();
        match((await ask('operator', postgres.connection)).err, /refused/);
        // Left running on purpose: it must end with the lab.
        await startPostgres(lab);
      },
    },
  ],
};
