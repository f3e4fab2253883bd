// Tests that the agent refuses texts of releases for firewalld that the generator wouldn't make. Runs on a test device
// with the real firewalld.

import { host, onFirewalld, textOf } from './host';
import { addFullRows } from '../../tier';

jest.setTimeout(120_000);

onFirewalld('the agent with texts for firewalld', ({ program }) => {
  const WEB = textOf(80);

  test('refuses texts that the generator doesn’t make', () => {
    const wrong: readonly (readonly [string, string | RegExp, string, string])[] = addFullRows(
      [
        ['another folder', '/etc/firewalld/policies/cf-web-out', '/etc/firewalld/zones/public', 'text-line'],
        ['another target', 'target="DROP"', 'target="ACCEPT"', 'text-target'],
        ['an entity', '<?xml version="1.0" encoding="utf-8"?>', '<!DOCTYPE x [<!ENTITY y "z">]>', 'text-line'],
        ['a set that does not exist', 'ipset="cf-web-4-1"', 'ipset="cf-web-4-2"', 'text-set'],
        ['no end', /<\/policy>\n$/, '', 'text-unclosed'],
      ],
      [
        ['a folder above', '/etc/firewalld/policies/cf-web-out', '/etc/firewalld/policies/../cf-web-out', 'text-line'],
        ['files of another owner', 'policies/cf-web-out', 'policies/cf-other-out', 'text-line'],
        ['a policy that only continues', 'target="DROP"', 'target="CONTINUE"', 'text-target'],
        ['a priority after the zones', 'priority="-32000"', 'priority="32000"', 'text-target'],
        ['some zones only', 'zone name="ANY"', 'zone name="public"', 'text-line'],
        ['a rule after all others', 'priority="-400"', 'priority="400"', 'text-line'],
        ['a reversed range', 'port="80"', 'port="80-79"', 'text-line'],
        ['a port out of range', 'port="80"', 'port="65536"', 'text-line'],
        ['a service', '<port port="80" protocol="tcp"/>', '<service name="ssh"/>', 'text-line'],
        [
          'an element more',
          '<port port="25" protocol="tcp"/>',
          '<port port="25" protocol="tcp"/><accept/>',
          'text-line',
        ],
        ['another action', '<drop/>', '<mark set="1"/>', 'text-line'],
        ['a comment', '  <rule', '<!-- -->\n  <rule', 'text-line'],
        ['a set that overlaps itself', '<entry>198.51.100.7</entry>', '<entry>192.0.2.7</entry>', 'text-set'],
        ['an entry twice', '<entry>198.51.100.7</entry>', '<entry>192.0.2.0/24</entry>', 'text-set'],
        ['a host name', '<entry>198.51.100.7</entry>', '<entry>example.org</entry>', 'text-line'],
        ['a file again', /$/, `\n${textOf(443)}`, 'text-line'],
        ['an empty line at the end', /$/, '\n', 'text-unclosed'],
      ],
    );
    const parts = wrong.map(([what, from, to]) => {
      const { upload, file } = host(WEB.replace(from, to));
      return `${what}: ${/ part=(\S+)$/.exec(program(upload, file))?.[1]}`;
    });
    expect(parts).toEqual(wrong.map(([what, , , part]) => `${what}: ${part}`));
  });
});
