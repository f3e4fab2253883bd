import { match, strictEqual } from 'node:assert';
import { Terminal } from '../terminal';
import { brokenDisk } from './broken-disk';
import { brokenLine } from './broken-line';
import { LabSuite } from './test';

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
  ],
};
