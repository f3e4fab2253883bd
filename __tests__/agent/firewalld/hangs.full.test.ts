// Tests the agent with a firewalld that hangs during a delivery: a rollback to a confirmed release still works, and a
// delivery that loads nothing is reported, also if firewalld is stopped during the reload. Runs on a test device with
// the real firewalld.

import { writeFileSync } from 'node:fs';
import { host, onFirewalld, textOf } from './host';

jest.setTimeout(120_000);

// The process is stopped, or waits for something that never comes: its name stays on the bus, and it answers no call.
onFirewalld(
  'the agent with a firewalld that hangs',
  ({ program, says, delivered, stored, runs, hold, goOn, run, folder, itsNumber }) => {
    const trial = ['upload', 'check', 'arm'] as const;

    // The tests shorten two waits that other suites test: half a minute until the agent gives up, and each check's
    // dozen answers of firewall-cmd.
    beforeAll(
      () =>
        void run(
          "sed -i 's/^MOST_SECONDS=30$/MOST_SECONDS=3/; s/^firewalld_differs() {$/&\\n  return 1/' /usr/local/sbin/cpanel-edge-device",
        ),
    );

    test('rolls back', () => {
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

    /** Runs `arm` with a firewalld that is stopped or killed once its command has told it to reload. */
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

    test('loads nothing and reports it, also if firewalld is stopped or killed during the reload', () => {
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
