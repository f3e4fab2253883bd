// Tests the agent with an APF that fails to load its rules and then hangs: it is stopped, and that is reported. Runs
// on a test device with Debian's APF and the real iptables.

import { host, onApf, textOf } from './host';

jest.setTimeout(180_000);

onApf('the agent with an APF that does not start', (its) => {
  const { run, program, says, delivered, runs, isOpen, folder } = its;
  // With this line APF loads nothing and reports success, so everything is open. The line isn't one of the release.

  test('stops an APF that hangs, and reports it', () => {
    delivered(host(textOf(81)));
    const next = host(textOf(443));
    delivered(next, ['upload', 'check']);
    run(`cp ${folder}/bin/apf ${folder}/apf.away; printf '#!/bin/sh\\necho >>${folder}/starts\\nsleep 300\\n' >${folder}/bin/apf
      sed -i 's/^MOST_OF_A_START=.*/MOST_OF_A_START=1/' /usr/local/sbin/cpanel-edge-device`);
    const answer = program(`arm ${next.identity} 300`);
    run(
      `cp ${folder}/apf.away ${folder}/bin/apf; sed -i 's/^MOST_OF_A_START=.*/MOST_OF_A_START=300/' /usr/local/sbin/cpanel-edge-device`,
    );
    expect(answer).toBe(
      '|ERROR: APF: stopped after 1 seconds, and it closed nothing\ncpanel-edge: refused load-failed',
    );
    expect([runs(), isOpen(), says('rules')]).toEqual(['22,81', false, 'as-loaded']);
    // The former rules come back without a second start, during which the host would be open again.
    expect(run(`wc -l <${folder}/starts`).trim()).toBe('1');
  });
});
