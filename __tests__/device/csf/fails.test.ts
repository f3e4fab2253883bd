import { host, onCsf, textOf } from './host';

jest.setTimeout(120_000);

onCsf('a csf that does not start', ({ run, program, says, delivered, runs }) => {
  const isOpen = (): boolean => run('iptables -S INPUT; ip6tables -S INPUT').includes('-P INPUT ACCEPT');

  test('and does not end either is stopped when its trial is over, and said to be', () => {
    delivered(host(textOf(81)));
    const next = host(textOf(443));
    delivered(next, ['upload', 'check']);
    run(`printf '#!/bin/sh\\nexec sleep 20\\n' >/etc/csf/csfpre.sh; chmod 0755 /etc/csf/csfpre.sh`);
    const said = program(`arm ${next.identity} 2`);
    run('rm /etc/csf/csfpre.sh');
    expect(said).toBe('|ERROR: CSF: stopped after 2 seconds, and it closed nothing\ncpanel-edge: refused load-failed');
    expect([runs(), isOpen(), says('rules')]).toEqual(['22,81', false, 'as-loaded']);
  });
});
