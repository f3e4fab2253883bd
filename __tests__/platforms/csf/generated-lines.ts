// Builds server policies and returns the csf settings and lines that the generator makes of them.

import { NumberRange } from '../../../lib/net/device';
import { OutboundRule, Policy, ServerPolicy } from '../../../lib/policy/policy';
import { generator } from '../../../lib/platforms/csf/generate/generator';
import { NOTHING, opening, openings, ports, server } from '../../generate/support';

export const asked = (parts: Partial<ServerPolicy>): Policy =>
  server({ platform: 'csf', version: '15.10', trustedNetworks: [], allowRules: NOTHING, outbound: [], ...parts });
export const opened = (...entries: Parameters<typeof opening>[0][]): ServerPolicy['allowRules'] =>
  openings('web', entries.map(opening));
export const sent = (parts: Partial<OutboundRule>): OutboundRule => ({
  protocol: 6,
  ports: ports(443),
  sourcePorts: 'all',
  destinations: 'anywhere',
  origin: 'https',
  ...parts,
});
export const span = (first: number, last: number): readonly NumberRange[] => [{ first, last }];

/** Keys with lists of ports that aren't empty, and ICMP_IN; and the owner's lines. */
export function written(parts: Partial<ServerPolicy>): {
  readonly keys: readonly string[];
  readonly lines: readonly string[];
} {
  const all = generator.write(asked(parts)).text.split('\n');
  const [from, to] = ['begin', 'end'].map((mark) => all.indexOf(`# cpanel-edge:web-team ${mark}`));
  const keys = all.flatMap((line) =>
    /^((?:TCP|UDP)6?_(?:IN|OUT)|ICMP_IN) = "(.+)"$/.test(line) ? [line.replaceAll('"', '')] : [],
  );
  return { keys: keys.filter((line) => line !== 'ICMP_IN = 0'), lines: all.slice(from! + 1, to) };
}
