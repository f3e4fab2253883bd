import { FAILS, THEIRS, host, onHosts, opened, textOf } from './host';
import { CONFIRMED } from '../under-shell';

jest.setTimeout(120_000);

onHosts('rules of iptables on a device', ({ run, program, says, delivered, chainsOf }) => {
  const WEB = textOf(80);

  test('are chains of their own in both families, asked before all others, whose rules stay', () => {
    expect(delivered(host(WEB))).toEqual(CONFIRMED);
    expect(chainsOf('ip')).toBe(`:ce-web-in - [0:0]\n-A INPUT -j ce-web-in\n${THEIRS}\n${opened(80)}`);
    expect(chainsOf('ip6')).toBe(`:ce-web-in - [0:0]\n-A INPUT -j ce-web-in\n${opened(80)}`);
    expect([run('ip6tables -S FORWARD'), run('iptables -S f2b-sshd'), says('rules')]).toEqual([
      '-P FORWARD DROP\n',
      '-N f2b-sshd\n',
      'as-loaded',
    ]);
  });

  test('that IPv6 does not take at a start of the device close IPv4', () => {
    delivered(host(WEB));
    run(`iptables -t mangle -D INPUT -j ce-web-in; rm -rf /run/cpanel-edge/*; : >${FAILS}-ip6`);
    expect([program('boot'), chainsOf('ip')]).toEqual([
      expect.stringContaining('failed boot-incomplete'),
      expect.stringContaining(`-A INPUT -j ce-web-in\n${THEIRS}\n${opened(80)}`),
    ]);
  });

  test.each([
    ['a policy', ':INPUT ACCEPT', ':INPUT DROP', 'text-line'],
    ['a chain of somebody', '-j DROP', '-j f2b-sshd', 'text-target'],
    ['a quote', '-j DROP', '-m comment --comment "x" -j DROP', 'text-character'],
    ['a program to run', '-j DROP', '-M /tmp/x -j DROP', 'text-option'],
  ])('say nothing about %s', (_, from, to, part) => {
    const one = host(WEB.replace(from, to));
    expect(program(one.upload, one.file)).toMatch(new RegExp(`refused upload-damaged part=${part}$`));
  });
});
