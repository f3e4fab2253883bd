// Tests firewalld files by version: how the version is recognised, and what is evaluated if it isn't known.

import { parser } from '../../../lib/platforms/firewalld/parse/parser';
import { configFormat } from '../../../lib/platforms/firewalld/parse/config-format';
import { parser as nftables } from '../../../lib/platforms/nftables/parse/parser';
import { problemsOf } from '../../problems';
import { temporaryFolder } from '../../temporary-folder';
import { server, verdicts } from './get-dispositions';
import { LATER_CASES, TRIED, Versions } from './cases-later';
import {
  canRunFirewalld,
  describeFirewalld,
  describeWith,
  loadedFrom,
  printedUntold,
  printedWithStock,
} from './daemon';
import { drawCases } from '../../randomly';

const folder = temporaryFolder();
const NAMES = ['1.3', '2.3', '2.5'] as const;
const said = (by: Versions, version: (typeof NAMES)[number]) =>
  NAMES.slice(0, NAMES.indexOf(version) + 1)
    .flatMap((name) => by[name] ?? [])
    .at(-1)!;

describe.each(NAMES)('firewalld %s', (version) => {
  describeWith(TRIED[version])('and its files', () => {
    it.each(drawCases(Object.entries(LATER_CASES), 3))('%s', (_, { etc, by }) => {
      const text = printedWithStock(etc, TRIED[version]);
      const wanted = said(by, version);
      const { state, ruleset } = loadedFrom(etc, folder, TRIED[version]);
      if (wanted === 'broken') {
        const codes = problemsOf(() => parser.read(text, server)).map(({ code }) => code);
        expect([state, ...new Set(codes)]).toEqual(['failed', 'firewalld/broken']);
        return;
      }
      expect(state).toBe('running');
      expect(verdicts(parser.read(text, server), wanted)).toEqual(wanted);
      // If the outcome is unknown from the files, the program may have done either.
      const { passes, stops } = wanted;
      expect(verdicts(nftables.read(ruleset, server), { passes, stops })).toEqual({ passes, stops });
    });

    it('name their version, with or without the program’s own file', () => {
      for (const text of [
        printedWithStock({ 'firewalld.conf': '' }, TRIED[version]),
        printedUntold({ 'firewalld.conf': '' }, TRIED[version]),
      ])
        expect(configFormat.parsed(text).assumptions[0]).toMatch(
          version === '1.3'
            ? /firewalld (1\.3\.\d loads|0\.9 to 1\.3 load) it/
            : new RegExp(`firewalld ${version}[.\\d]*( to ${version}.1)? loads? it`),
        );
    });
  });
});

describeFirewalld('firewalld files without a version', () => {
  /** The files of a person who copies only those that zones name. */
  const untold = (etc: Parameters<typeof printedUntold>[0]): string =>
    printedUntold(etc).replace(
      /^==> usr\/lib\/firewalld\/services\/(?!ssh|dhcpv6-client|mdns|samba-client|netbios-ns|ipp-client|ftp|https).*\n(?:(?!==> ).*\n)*/gm,
      '',
    );

  it.each(drawCases(Object.entries(LATER_CASES), 3))('%s', (_, { etc, by }) => {
    const all = NAMES.map((version) => said(by, version));
    const [first] = all;
    let found: ReturnType<typeof parser.read> | undefined;
    const codes = problemsOf(() => (found = parser.read(untold(etc), server))).map(({ code }) => code);
    if (all.includes('broken')) return expect(codes).toEqual(['firewalld/version-untold']);
    expect(codes).toEqual([]);
    if (first === 'broken' || !first) return;
    if (all.every((one) => one === first)) return expect(verdicts(found!, first)).toEqual(first);
    const asked = [...new Set(all.flatMap((one) => (one === 'broken' ? [] : [...one.passes, ...one.stops])))];
    const differ = asked.filter(
      (one) =>
        !all.every((some) => some !== 'broken' && some.passes.includes(one)) &&
        !all.every((some) => some !== 'broken' && some.stops.includes(one)),
    );
    expect(verdicts(found!, { passes: [], stops: [], unknown: differ }).unknown).toEqual(
      expect.arrayContaining(differ.slice(0, 1)),
    );
  });

  it('are reported as such, with the file that shows it, and evaluated as all versions load them', () => {
    const { assumptions } = configFormat.parsed(untold({ 'firewalld.conf': 'NftablesFlowtable=eth0\n' }));
    expect(assumptions[0]).toMatch(
      /^it is read as firewalld 0\.9 to 2\.5 load it with nftables, at the start: nothing says of which it is, and .*firewall\/config\/__init__\.py beside them/,
    );
    expect(assumptions[1]).toMatch(/interfaces of NftablesFlowtable \("eth0"\)/);
    const [one] = problemsOf(() =>
      parser.read(
        untold({
          'firewalld.conf': '',
          'policies/p.xml': LATER_CASES['a policy is off by an element from 2.4 on']!.etc['policies/p.xml']!,
        }),
        server,
      ),
    );
    expect(one).toMatchObject({
      code: 'firewalld/version-untold',
      instead: expect.stringContaining('firewall/config/__init__.py'),
    });
    expect(one!.what).toMatch(
      /^The files may be of firewalld 2\.4 to 2\.5, which load them, or of 0\.9 to 2\.3\.2, which don’t: <disable> /,
    );
  });

  const withProgram = (version: string): string =>
    `${untold({ 'firewalld.conf': '' })}\n==> usr/lib/python3.12/site-packages/firewall/config/__init__.py <==\nVERSION = "${version}"\n`;
  it('are refused with an unsupported version', () => {
    const codes = (text: string): readonly string[] =>
      problemsOf(() => parser.read(text, server)).map(({ code }) => code);
    expect(['0.8.2', '0.9.11', '2.5.2', '2.6.0', '3.0'].map((one) => codes(withProgram(one)))).toEqual([
      ['firewalld/earlier-version'],
      [],
      [],
      ['firewalld/later-version'],
      ['firewalld/later-version'],
    ]);
    expect(
      codes(
        `${withProgram('2.3.1')}\n${withProgram('2.3.0').split('\n').slice(-3).join('\n').replace('3.12', '3.13')}`,
      ),
    ).toEqual(['firewalld/several']);
  });

  it('accept forwarded ports, and only these, with StrictForwardPorts', () => {
    const forwards = '<forward-port port="8443" protocol="tcp" to-port="443"/>';
    const etc = { 'firewalld.conf': 'StrictForwardPorts=yes\n', 'zones/public.xml': `<zone>${forwards}</zone>\n` };
    const text = `${printedUntold(etc)}\n==> usr/lib/python3/dist-packages/firewall/config/__init__.py <==\nVERSION = "2.3.1"\n`;
    const asked = { passes: ['tcp 8443 from 192.0.2.7'], stops: ['tcp 443 from 192.0.2.7'] };
    expect(verdicts(parser.read(text, server), asked)).toEqual(asked);
  });

  it('are refused if two policies of 2.0 to 2.4 have one priority for the same packets', () => {
    const policy = (items: string): string =>
      `<policy target="CONTINUE" priority="5"><ingress-zone name="ANY"/><egress-zone name="HOST"/>${items}</policy>\n`;
    const etc = {
      'firewalld.conf': '',
      'policies/a.xml': policy('<port port="80" protocol="tcp"/>'),
      'policies/b.xml': policy(''),
    };
    const codes = (programs: string): readonly string[] =>
      problemsOf(() => parser.read(printedWithStock(etc, programs), server)).map(({ code }) => code);
    const there = NAMES.filter((name) => canRunFirewalld(TRIED[name]));
    expect(there.map((name) => codes(TRIED[name]))).toEqual(
      there.map((name) => (name === '2.3' ? ['firewalld/equal-priorities'] : [])),
    );
  });
});
