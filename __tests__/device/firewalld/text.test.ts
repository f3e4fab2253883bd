import { host, onFirewalld, textOf } from './host';

jest.setTimeout(120_000);

onFirewalld('texts and surroundings of firewalld on a device', ({ program }) => {
  const WEB = textOf(80);

  test('say nothing that the writer does not say', () => {
    const wrong: readonly (readonly [string, string | RegExp, string, string])[] = [
      ['another folder', '/etc/firewalld/policies/cf-web-out', '/etc/firewalld/zones/public', 'text-line'],
      ['another target', 'target="DROP"', 'target="ACCEPT"', 'text-target'],
      ['an entity', '<?xml version="1.0" encoding="utf-8"?>', '<!DOCTYPE x [<!ENTITY y "z">]>', 'text-line'],
      ['a set that is not there', 'ipset="cf-web-4-1"', 'ipset="cf-web-4-2"', 'text-set'],
      ['no end', /<\/policy>\n$/, '', 'text-unclosed'],
    ];
    const parts = wrong.map(([what, from, to]) => {
      const { upload, file } = host(WEB.replace(from, to));
      return `${what}: ${/ part=(\S+)$/.exec(program(upload, file))?.[1]}`;
    });
    expect(parts).toEqual(wrong.map(([what, , , part]) => `${what}: ${part}`));
  });
});
