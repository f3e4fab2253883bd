// Tests of the agent on zones that consist of several files, declared for each version of the real firewalld.

import { host, onFirewalld, textOf } from './host';
import { CONFIRMED } from '../under-shell';

// Zones of several files: firewalld lists each file as a zone, and runs one zone that is made of all of them.

export const tests: Parameters<typeof onFirewalld>[1] = ({ run, program, delivered, step, ask, runs, says }) => {
  const zone = (name: string, items: string, attributes = ''): unknown =>
    run(
      `mkdir -p /etc/firewalld/zones/more; cat >/etc/firewalld/zones/more/${name}.xml`,
      `<zone${attributes}>${items}</zone>\n`,
    );

  test('reports no difference if a zone of several files runs as stored, and names each difference', () => {
    zone('a', '<interface name="eth0"/><port port="81" protocol="tcp"/><forward/>', ' target="DROP"');
    zone('b', '<port port="81" protocol="tcp"/><rule><port port="82" protocol="tcp"/><accept/></rule>');
    expect(ask('--reload')).toBe('success');
    expect(delivered(host(textOf(80)))).toEqual(CONFIRMED);
    expect([runs(), says('rules'), run('nft list chain inet firewalld filter_IN_more_allow')]).toEqual([
      '80',
      'as-loaded',
      expect.stringContaining('dport 81'),
    ]);
    ask('--zone=more --add-masquerade');
    ask('--zone=more --remove-port=81/tcp');
    const next = host(textOf(443));
    step('upload', next);
    expect(program(`check ${next.identity}`)).toMatch(
      /\|< more: ports: 81\/tcp\n\|> more: masquerade: yes\ncpanel-edge: refused firewalld-runtime$/,
    );
  });
};
