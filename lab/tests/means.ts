import { match, strictEqual } from 'node:assert';
import { postgresPrograms, startPostgres } from '../postgres';
import { Terminal } from '../terminal';
import { brokenDisk } from './broken-disk';
import { brokenLine } from './broken-line';
import { Impossible, LabSuite } from './test';

/** What breaks things has to be seen to break them, and to be taken back without a trace. */
export const means: LabSuite = {
  name: 'means to break things',
  disks: true,
  tests: [
    ...brokenDisk,
    ...brokenLine,
    {
      name: "Ctrl-C in a terminal reaches the command in front, and not the operator's other programs",
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
      name: 'a PostgreSQL of its own answers the operator with the password, and nobody else',
      run: async (lab) => {
        if (postgresPrograms() === undefined) throw new Impossible('PostgreSQL is not installed (postgresql).');
        const postgres = await startPostgres(lab);
        const ask = (from: string, connection: string) =>
          lab.exec(from, ['psql', '--no-psqlrc', '-At', '-c', 'SELECT 1', connection], { env: { ...process.env, PGCONNECT_TIMEOUT: '5' } });
        strictEqual((await ask('operator', postgres.connection)).out, '1\n');
        match((await ask('operator', postgres.connection.replace(/:[0-9a-f]{32}@/, ':wrong@'))).err, /password authentication failed/);
        match((await ask('neighbour', postgres.connection)).err, /refused/);
        await postgres.stop();
        match((await ask('operator', postgres.connection)).err, /refused/);
        // Left running on purpose: it has to end with the lab.
        await startPostgres(lab);
      },
    },
  ],
};
