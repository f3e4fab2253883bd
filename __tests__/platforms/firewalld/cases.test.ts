// Compares the evaluation of firewalld's files with the disposition that each case states and with the rules that a
// real firewalld loads from them. Also refused, damaged and cut-off files.

import { parser } from '../../../lib/platforms/firewalld/parse/parser';
import { parser as nftables } from '../../../lib/platforms/nftables/parse/parser';
import { EvaluatedConfig } from '../../../lib/parse/config-parser';
import { problemsOf } from '../../problems';
import { temporaryFolder } from '../../temporary-folder';
import { server, verdict } from './get-dispositions';
import { CASES } from './cases';
import { describeFirewalld, loadedFrom, printedUntold, printedWithStock } from './daemon';
import { drawCases } from '../../randomly';

const folder = temporaryFolder();
describeFirewalld('firewalld’s files', () => {
  it.each(drawCases(Object.entries(CASES), 5))('%s', (_, { etc, passes, stops, but = [], unknown = [] }) => {
    const files = parser.read(printedWithStock(etc), server);
    const said = (of: EvaluatedConfig, some: readonly string[]): readonly string[] =>
      some.map((one) => `${one}: ${verdict(of, one)}`);
    const all = (some: readonly string[], is: string): readonly string[] => some.map((one) => `${one}: ${is}`);
    expect(said(files, passes)).toEqual(all(passes, 'allowed'));
    expect(said(files, stops)).toEqual(all(stops, 'denied'));
    expect(said(files, but)).toEqual(all(but, 'allowed, but'));
    expect(said(files, unknown)).toEqual(all(unknown, 'unknown'));
    const { state, ruleset } = loadedFrom(etc, folder);
    const listed = nftables.read(ruleset, server);
    expect(state).toBe('running');
    expect(said(listed, [...passes, ...stops])).toEqual([...all(passes, 'allowed'), ...all(stops, 'denied')]);
  });

  it('are refused if they don’t decide about packets', () => {
    const codes = (text: string): readonly string[] =>
      problemsOf(() => parser.read(text, server)).map(({ code, where }) => `${code} at ${where}`);
    const conf = (text: string): string => printedWithStock({ 'firewalld.conf': text });
    expect(codes(conf('FirewallBackend=iptables\nAllowZoneDrifting=yes\n'))).toEqual([
      'firewalld/back-end at line 2',
      'firewalld/zone-drifting at line 3',
    ]);
    expect(codes(printedWithStock({}))).toEqual(['firewalld/no-conf at line 1']);
    expect(codes('==> etc/firewalld/firewalld.conf <==\nDefaultZone=public\n')).toEqual([
      'firewalld/no-stock at line 1',
    ]);
  });

  it('from before 0.9 are refused; the package’s files show the version', () => {
    const codes = (text: string): readonly string[] =>
      problemsOf(() => parser.read(text, server)).map(({ code, where }) => `${code} at ${where}`);
    const older = printedUntold({ 'firewalld.conf': '' }).replace(
      'usr/lib/firewalld/policies/allow-host-ipv6',
      'usr/lib/firewalld/services/x',
    );
    expect(codes(older)).toEqual(['firewalld/earlier-version at line 1']);
    // One file for servers of all versions may contain keys of later ones.
    const keys = [
      'NftablesFlowtable=off',
      'NftablesCounters=no',
      'ReloadPolicy=x',
      'NftablesTableOwner=yes',
      'StrictForwardPorts=no',
    ];
    expect(codes(printedWithStock({ 'firewalld.conf': keys.join('\n') }))).toEqual([]);
  });

  it('of two servers, or with a copy, are refused', () => {
    const text = printedWithStock({ 'firewalld.conf': '' });
    const copy = '==> etc/firewalld.bak/zones/public.xml <==\n<zone target="DROP"/>\n\n';
    expect(problemsOf(() => parser.read(copy + text, server)).map(({ code }) => code)).toEqual(['firewalld/several']);
  });

  it('with long chains of includes, or very many of them, are parsed or refused', () => {
    const chained = Object.fromEntries(
      Array.from({ length: 6000 }, (_, n) => [
        `services/s${n}.xml`,
        `<service><include service="s${n + 1}"/></service>`,
      ]),
    );
    const etc = { 'firewalld.conf': `A=x${' '.repeat(200_000)}y\n`, ...chained, 'services/s6000.xml': '<service/>' };
    expect(
      problemsOf(() =>
        parser.read(printedWithStock({ ...etc, 'zones/public.xml': '<zone><service name="s0"/></zone>' }), server),
      ),
    ).toEqual([]);
    const zones = Array.from({ length: 100 }, (_, n) => `z${n}`);
    const many = Object.fromEntries(
      zones.map((name, n) => [`zones/${name}.xml`, `<zone><source address="10.0.${n >> 8}.${n & 255}"/></zone>`]),
    );
    const named = (element: string): string => zones.map((name) => `<${element}-zone name="${name}"/>`).join('');
    const policy = `<policy target="ACCEPT">${named('ingress')}${named('egress')}</policy>`;
    expect(
      problemsOf(() =>
        parser.read(printedWithStock({ 'firewalld.conf': '', ...many, 'policies/p.xml': policy }), server),
      ),
    ).toEqual([]);
  });

  it('cut off or changed anywhere are parsed or refused, and nothing else is thrown', () => {
    const text = printedWithStock(CASES['a policy before the zones decides first, one behind them last']!.etc);
    const end = text.indexOf('==> usr/');
    for (let at = 0; at < end; at += 3) {
      problemsOf(() => parser.read(text.slice(0, at) + text.slice(at + 7), server));
      problemsOf(() => parser.read(`${text.slice(0, at)}"<${text.slice(at)}`, server));
    }
  });
});
