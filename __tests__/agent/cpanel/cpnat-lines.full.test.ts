// Tests the lines that the agent writes to cPanel's NAT file (/var/cpanel/cpnat) over several releases: changed pairs
// change in place, lines that WHM has written since stay, and without NAT mode the file is gone until the removal.
// Runs on a test device with the real nft.

import { CPNAT, HOME, USERS, onCpanel, says, server } from './cpnat-host';
import { tableText } from '../stream';
import { CONFIRMED } from '../under-shell';

jest.setTimeout(90_000);

const TABLE = 'cpanel_edge_web_host';

// Each command of the program that these run, cpnat.test.ts and others run under every shell.
onCpanel(
  "lines of cPanel's NAT file by a release",
  ({ run, word, step, delivered, write, file, gone }) => {
    test('what WHM has written since stays with the retract', () => {
      run(`rm ${CPNAT}`);
      delivered(server(says('10.0.0.5 203.0.113.5')));
      run(`echo 10.0.0.8 203.0.113.8 >>${CPNAT}`);
      gone();
      expect(file()).toBe('10.0.0.8 203.0.113.8\n');
    });

    test('with the next release: a pair that goes has its former line, one that changes changes in its place', () => {
      write('10.0.0.5 203.0.113.99\n10.0.0.7 203.0.113.7\n');
      delivered(server(says('10.0.0.5 203.0.113.5', '10.0.0.6 203.0.113.6')));
      expect(delivered(server(says('10.0.0.6 203.0.113.66')))).toEqual(CONFIRMED);
      expect(file()).toBe('10.0.0.5 203.0.113.99\n10.0.0.7 203.0.113.7\n10.0.0.6 203.0.113.66\n');
      // One that says nothing of it gives it back.
      delivered(server(undefined, { text: tableText(1002, TABLE) }));
      expect(file()).toBe('10.0.0.5 203.0.113.99\n10.0.0.7 203.0.113.7\n');
    });

    test('on, and off later: what WHM has written meanwhile comes back, too; and what somebody has taken away stays away', () => {
      write('10.0.0.5 203.0.113.99\n');
      delivered(server(says('10.0.0.6 203.0.113.6')));
      run(`echo 10.0.0.8 203.0.113.8 >>${CPNAT}`);
      delivered(server(says('off')));
      gone();
      expect(file()).toBe('10.0.0.5 203.0.113.99\n10.0.0.8 203.0.113.8\n');
      delivered(server(says('10.0.0.6 203.0.113.6')));
      run(`rm ${CPNAT}`);
      gone();
      expect(file()).toBe('absent');
    });

    test('delivered once more it is put right where somebody has changed it, and is no delivery where nobody has', () => {
      delivered(server(says('10.0.0.5 203.0.113.5')));
      expect(step('upload', server(says('10.0.0.5 203.0.113.5')))).toBe('ok running');
      write('10.0.0.5 203.0.113.77\n10.0.0.6 203.0.113.6\n');
      expect(delivered(server(says('10.0.0.5 203.0.113.5')))).toEqual(CONFIRMED);
      expect(file()).toBe('10.0.0.5 203.0.113.5\n10.0.0.6 203.0.113.6\n');
    });

    test('what a loss of power kept a confirm from, the start of the device does', () => {
      delivered(server(says('10.0.0.5 203.0.113.5')));
      run(`rm ${HOME}/cpnat-*; : >${CPNAT}`);
      expect(word('addresses')).toBe('ok addresses');
      expect(file()).toBe('10.0.0.5 203.0.113.5\n');
      // What somebody writes later is theirs.
      write('10.0.0.5 203.0.113.77\n');
      expect(word('addresses')).toBe('ok addresses');
      expect(file()).toBe('10.0.0.5 203.0.113.77\n');
    });

    test('accounts are no matter where the file says it already, or the release says that they are known of', () => {
      run(`: >${USERS}/anna`);
      write('10.0.0.5\t203.0.113.5 more\r');
      expect(delivered(server(says('10.0.0.5 203.0.113.5')))).toEqual(CONFIRMED);
      expect(delivered(server(['nat-mode on', 'in-use change', 'pair 10.0.0.5 203.0.113.6']))).toEqual(CONFIRMED);
      expect(file()).toBe('10.0.0.5 203.0.113.6\n');
    });

    test('NAT mode off: no file, until the retract; and on again', () => {
      write('10.0.0.5 203.0.113.99\n');
      expect(delivered(server(says('off')))).toEqual(CONFIRMED);
      expect(file()).toBe('absent');
      delivered(server(says('10.0.0.6 203.0.113.6')));
      expect(file()).toBe('10.0.0.5 203.0.113.99\n10.0.0.6 203.0.113.6\n');
      delivered(server(says('off')));
      gone();
      expect(file()).toBe('10.0.0.5 203.0.113.99\n');
    });
  },
  ['sh'],
);
