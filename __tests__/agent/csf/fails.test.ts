// Tests the agent with a csf that fails to start and hangs, or is killed: it is stopped at the end of the confirm
// timeout, and the report says which of the two it was. Runs on a test device with a stand-in for csf.

import { host, onCsf, textOf } from './host';

jest.setTimeout(120_000);

const KILLS_CSF = `#!/bin/sh
of=$PPID
while [ "$(cat /proc/$of/comm)" != csf ]; do of=$(cut -d ' ' -f 4 /proc/$of/stat); done
kill -KILL "$of"
`;

onCsf('the agent with a csf that does not start', ({ run, program, says, delivered, runs }) => {
  const isOpen = (): boolean => run('iptables -S INPUT; ip6tables -S INPUT').includes('-P INPUT ACCEPT');

  test('stops a csf that hangs at the end of the confirm timeout, and reports it', () => {
    delivered(host(textOf(81)));
    const next = host(textOf(443));
    delivered(next, ['upload', 'check']);
    run(`printf '#!/bin/sh\\nexec sleep 20\\n' >/etc/csf/csfpre.sh; chmod 0755 /etc/csf/csfpre.sh`);
    const answer = program(`arm ${next.identity} 2`);
    run('rm /etc/csf/csfpre.sh');
    expect(answer).toBe(
      '|ERROR: CSF: stopped after 2 seconds, and it closed nothing\ncpanel-edge: refused load-failed',
    );
    expect([runs(), isOpen(), says('rules')]).toEqual(['22,81', false, 'as-loaded']);
  });

  test('reports a csf that was killed as killed, not as timed out', () => {
    delivered(host(textOf(81)));
    const next = host(textOf(443));
    delivered(next, ['upload', 'check']);
    run('cat >/etc/csf/csfpre.sh; chmod 0755 /etc/csf/csfpre.sh', KILLS_CSF);
    const answer = program(`arm ${next.identity} 40 2>/dev/null`);
    run('rm /etc/csf/csfpre.sh');
    expect(answer).toMatch(
      /^\|ERROR: CSF: killed after \d seconds by another program or for want of memory, and it closed nothing\n.* load-failed$/,
    );
    expect([runs(), isOpen(), says('rules')]).toEqual(['22,81', false, 'as-loaded']);
  });
});
