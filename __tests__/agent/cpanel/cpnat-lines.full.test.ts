// Tests the lines that the agent writes to cPanel's NAT file (/var/cpanel/cpnat) over several releases: changed pairs
// change in place, lines that WHM has written since stay, and without NAT mode the file is gone until the removal.
// Runs on a test device with the real nft.

import { CPNAT, HOME, USERS, onCpanel, says, server } from './cpnat-host';
import { tableText } from '../stream';
import { CONFIRMED } from '../under-shell';

jest.setTimeout(90_000);

const TABLE = 'cpanel_edge_web_host';

// cpnat.test.ts and others run each command of the agent that is used here under every shell.
onCpanel(
  "lines that a release writes to cPanel's NAT file",
  ({ run, word, step, delivered, write, file, gone }) => {
    test('keeps at a removal the lines that WHM has written since', () => {
      run(`rm ${CPNAT}`);
      delivered(server(says('10.0.0.5 203.0.113.5')));
      run(`echo 10.0.0.8 203.0.113.8 >>${CPNAT}`);
      gone();
      expect(file()).toBe('10.0.0.8 203.0.113.8\n');
    });

    test('the next release restores the former line of a pair that it lacks, and changes others in place', () => {
      write('10.0.0.5 203.0.113.99\n10.0.0.7 203.0.113.7\n');
      delivered(server(says('10.0.0.5 203.0.113.5', '10.0.0.6 203.0.113.6')));
      expect(delivered(server(says('10.0.0.6 203.0.113.66')))).toEqual(CONFIRMED);
      expect(file()).toBe('10.0.0.5 203.0.113.99\n10.0.0.7 203.0.113.7\n10.0.0.6 203.0.113.66\n');
      // A release without such lines restores the file.
      delivered(server(undefined, { text: tableText(1002, TABLE) }));
      expect(file()).toBe('10.0.0.5 203.0.113.99\n10.0.0.7 203.0.113.7\n');
    });

    test('on, and off later: a removal restores what WHM has written meanwhile, and no line that was deleted by hand', () => {
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

    test('a repeated delivery corrects lines that were changed by hand, and delivers nothing if none was', () => {
      delivered(server(says('10.0.0.5 203.0.113.5')));
      expect(step('upload', server(says('10.0.0.5 203.0.113.5')))).toBe('ok running');
      write('10.0.0.5 203.0.113.77\n10.0.0.6 203.0.113.6\n');
      expect(delivered(server(says('10.0.0.5 203.0.113.5')))).toEqual(CONFIRMED);
      expect(file()).toBe('10.0.0.5 203.0.113.5\n10.0.0.6 203.0.113.6\n');
    });

    test('the boot completes a confirm that was interrupted by a power loss', () => {
      delivered(server(says('10.0.0.5 203.0.113.5')));
      run(`rm ${HOME}/cpnat-*; : >${CPNAT}`);
      expect(word('addresses')).toBe('ok addresses');
      expect(file()).toBe('10.0.0.5 203.0.113.5\n');
      // A line that a person writes later stays.
      write('10.0.0.5 203.0.113.77\n');
      expect(word('addresses')).toBe('ok addresses');
      expect(file()).toBe('10.0.0.5 203.0.113.77\n');
    });

    test('checks no accounts if the file has the lines already, or the release declares the accounts known', () => {
      run(`: >${USERS}/anna`);
      write('10.0.0.5\t203.0.113.5 more\r');
      expect(delivered(server(says('10.0.0.5 203.0.113.5')))).toEqual(CONFIRMED);
      expect(delivered(server(['nat-mode on', 'in-use change', 'pair 10.0.0.5 203.0.113.6']))).toEqual(CONFIRMED);
      expect(file()).toBe('10.0.0.5 203.0.113.6\n');
    });

    test('NAT mode off: no file until the removal, and on again', () => {
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
