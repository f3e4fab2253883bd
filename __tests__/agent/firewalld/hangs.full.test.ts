// Tests the agent with a firewalld that hangs: rollbacks still work. Runs on a test device with the real firewalld.

import { writeFileSync } from 'node:fs';
import { host, onFirewalld, textOf } from './host';

jest.setTimeout(120_000);

// Stopped, or waiting for something that never comes: it has its name on the bus, and answers nobody.
onFirewalld(
  'a firewalld that answers nobody',
  ({ program, says, delivered, stored, runs, hold, goOn, run, folder, itsNumber }) => {
    const trial = ['upload', 'check', 'arm'] as const;

    // No test waits half a minute to learn that it would, nor in each check for a dozen answers of firewalld's command, which other suites look at.
    beforeAll(
      () =>
        void run(
          "sed -i 's/^MOST_SECONDS=30$/MOST_SECONDS=3/; s/^firewalld_differs() {$/&\\n  return 1/' /usr/local/sbin/cpanel-edge-device",
        ),
    );

    test('keeps no undo from its work', () => {
      delivered(host(textOf(80)));
      const next = host(textOf(443));
      delivered(next, trial);
      hold();
      expect(program(`undo ${next.identity}`)).toContain('ok rolled-back');
      expect([runs(), stored(), says('rules'), says('state')]).toEqual(['80', '80', 'as-loaded', 'confirmed']);
      goOn();
      expect([runs(), says('rules')]).toEqual(['80', 'as-loaded']);
      expect([delivered(host(textOf(443)), trial).at(-1), runs()]).toEqual(['ok armed', '443']);
    });

    /** `arm`, where something becomes of firewalld once its command is told to reload. */
    const armed = (its: string, becomes: string): string => {
      const cmd = `${folder}/bin/firewall-cmd`;
      run(`mv ${cmd} ${cmd}.real`);
      writeFileSync(cmd, `#!/bin/sh\n[ "$1" != --reload ] || { ${becomes}\n}\nexec ${cmd}.real "$@"\n`, {
        mode: 0o755,
      });
      const answer = program(`arm ${its} 300`);
      run(`mv ${cmd}.real ${cmd}`);
      return answer;
    };
    const ofBefore = (): unknown => [runs(), stored(), says('state'), says('armed')];
    const AS_BEFORE = ['80', '80', 'confirmed', 'none'];
    const refusedBy = (why: string, word = 'load-failed'): unknown =>
      expect.stringMatching(new RegExp(`^\\|Error: ${why}.*\ncpanel-edge: refused ${word}$`));

    test('loads nothing, and that is said, also where it is stopped or ends within the reload', () => {
      delivered(host(textOf(80)));
      const checked = (): string => {
        const next = host(textOf(443));
        expect(delivered(next, ['upload', 'check']).at(-1)).toBe('ok checked');
        return next.identity;
      };
      const its = checked();
      hold();
      expect(program(`arm ${its} 300`)).toEqual(refusedBy('SILENT: firewalld runs and does not answer'));
      expect(ofBefore()).toEqual(AS_BEFORE);
      expect(delivered(host(textOf(443)), ['upload', 'check']).at(-1)).toBe('refused firewalld-silent');
      goOn();
      // firewall-cmd prints this after it has waited for 50 seconds.
      const unheard = `echo 'Error: Did not receive a reply. Possible causes include: the remote application did not send a reply'; exit 254`;
      expect(armed(checked(), `kill -s STOP ${itsNumber()}; ${unheard}`)).toEqual(
        refusedBy('SILENT: firewalld runs and does not answer'),
      );
      expect(ofBefore()).toEqual(AS_BEFORE);
      goOn();
      expect(armed(checked(), `kill -s STOP ${itsNumber()}; kill -s KILL ${itsNumber()}`)).toEqual(
        refusedBy('NOT_RUNNING: firewalld ended while it loaded them', 'firewalld-stopped'),
      );
      expect(ofBefore()).toEqual(AS_BEFORE);
    });
  },
);
