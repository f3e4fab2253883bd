// Tests that the agent writes a release's lines to cPanel's NAT file (/var/cpanel/cpnat) only with the confirm, leaves
// all other lines byte for byte, and restores the former lines at a removal. Runs on a test device with the real nft.

import { CPNAT, HOME, onCpanel, says, server } from './cpnat-host';
import { CONFIRMED } from '../under-shell';
import { addFullRows } from '../../tier';

jest.setTimeout(90_000);

// cpnat.test.ts and others run each command of the agent that is used here under every shell.
onCpanel(
  "lines that a release writes to cPanel's NAT file",
  ({ run, word, step, delivered, write, file, refusal, gone }) => {
    test('writes one line per pair, keeps other lines byte for byte, and restores the file at a removal', () => {
      const before = '10.0.0.7 \n10.0.0.5\t203.0.113.99 more\r\n203.0.113.9 203.0.113.9\n10.0.0.5 203.0.113.98';
      write(before);
      expect(delivered(server(says('10.0.0.5 203.0.113.5', '10.0.0.6 203.0.113.6')))).toEqual(CONFIRMED);
      expect(file()).toBe('10.0.0.7 \n10.0.0.5 203.0.113.5\n203.0.113.9 203.0.113.9\n10.0.0.6 203.0.113.6\n');
      expect(run(`stat -c %a:%u ${CPNAT}`)).toBe('644:0\n');
      expect(gone()).toBe('cpanel-edge: ok retracted left=nothing');
      expect(file()).toBe('10.0.0.7 \n10.0.0.5\t203.0.113.99 more\r\n10.0.0.5 203.0.113.98\n203.0.113.9 203.0.113.9\n');
    });

    test('writes the file only with the confirm: a rollback has nothing to restore', () => {
      const release = server(says('10.0.0.5 203.0.113.5'));
      for (const name of ['upload', 'check', 'arm'] as const) expect(step(name, release)).toMatch(/^ok /);
      expect(file()).toBe('');
      expect(step('rollback', release)).toBe('ok rolled-back');
      expect([file(), run(`ls ${HOME} 2>&1`)]).toEqual(['', expect.not.stringContaining('cpnat')]);
    });

    test.each(
      addFullRows(
        [
          ['a folder', () => run(`rm ${CPNAT}; mkdir ${CPNAT}`), 'cpnat-odd'],
          [
            'another mapping in front of our line, which would have no effect',
            () => write('10.0.0.9 203.0.113.5\n10.0.0.5 203.0.113.5\n'),
            'cpnat-taken line=1 public=203.0.113.5',
          ],
        ],
        [
          [
            'a public address of another line',
            () => write('10.0.0.9 203.0.113.5\n'),
            'cpnat-taken line=1 public=203.0.113.5',
          ],
          [
            'a public address of another line that begins with a blank',
            () => write(' 203.0.113.5\n'),
            'cpnat-taken line=1 public=203.0.113.5',
          ],
        ],
      ),
    )('refuses before anything changes: %s', (_, made, fault) => {
      made();
      const is = run(`ls -l ${CPNAT}; cat ${CPNAT} 2>/dev/null`);
      expect(refusal(server(says('10.0.0.5 203.0.113.5')))).toBe(`cpanel-edge: refused ${fault}`);
      expect(run(`ls -l ${CPNAT}; cat ${CPNAT} 2>/dev/null`)).toBe(is);
    });

    test.each(
      addFullRows(
        ['pair $(id) 203.0.113.5', 'x'],
        ['pair 10.0.0.5', 'pair 10.0.0.5 203.0.113.5 more', 'nat-mode maybe'],
      ),
    )('refuses a wrong line: %s', (line) =>
      expect(word(server([line]).upload, server([line]).file)).toMatch(/^refused upload-damaged$/),
    );
  },
  ['sh'],
);
