import { Case, hook, inet, probe } from './cases';

const TRACKED = hook('output', '0', 'accept', 'ct state new accept');
const through = probe('out', '198.51.100.7', '10.0.0.10', 443);
const toGateway = probe('out', '198.51.100.7', '198.51.100.2', 443);
const bySix = probe('out', '2001:db8:1::7', '2001:db8:1::2', 443);
const passed = 'in: 198.51.100.7 > 10.0.0.10:443';
const reachedBySix = 'gw: 2001:db8:1::7 > 2001:db8:1::2:443';

const asked = (
  rule: string,
  policy: 'accept' | 'drop',
  untracked: string,
  tracked: string,
  at = 'forward',
  sent = through,
): readonly Case[] =>
  (
    [
      ['', untracked],
      [TRACKED, tracked],
    ] as const
  ).map(([more, becomes]) => ({
    name: `${rule} in ${at}, policy ${policy}${more === '' ? '' : ', where connections are tracked'}`,
    text: inet('  chain some {\n    tcp dport 443 accept\n  }\n', hook(at, '0', policy, rule), more),
    ...{ probe: sent, becomes },
  }));

/** Who sends a packet may send it in parts: what puts them together comes first, or not at all. All that is unknown comes in so, seen with 6.18. */
export const PARTS: readonly Case[] = [
  ...asked('ip frag-off & 0x3fff != 0 accept', 'drop', 'unknown', 'denied'),
  ...asked('ip frag-off & 0x3fff != 0 jump some', 'drop', 'unknown', 'denied'),
  ...asked('ip frag-off & 0x1fff != 0 accept', 'drop', 'denied', 'denied'),
  ...asked('ip frag-off & 0x3fff == 0 accept', 'drop', passed, passed),
  ...asked('ip frag-off & 0x3fff == 0 drop', 'accept', 'unknown', 'denied'),
  ...asked('ip frag-off & 0x3fff != 0 drop', 'accept', passed, passed),
  ...asked('ip frag-off & 0x3fff != 0 accept', 'drop', 'denied', 'denied', 'input', toGateway),
  ...asked('exthdr frag exists accept', 'drop', 'unknown', 'denied', 'input', bySix),
  ...asked('exthdr frag missing accept', 'drop', reachedBySix, reachedBySix, 'input', bySix),
  ...asked('exthdr frag missing drop', 'accept', 'unknown', 'denied', 'input', bySix),
  ...asked('exthdr frag exists drop', 'accept', reachedBySix, reachedBySix, 'input', bySix),
];
