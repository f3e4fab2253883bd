// Parses short names of packets to the sample gateway, such as `tcp 443` and `ping`, and makes cases of the packets
// that a condition of nftables lets in.

import { Probe } from './kernel/namespaces';
import { Case, hook, inet, probe } from './cases/cases';

/** Packets to the gateway, by short names: `tcp 443`, `udp6 53`, `ping`. */
export function called(name: string): Probe {
  const [kind = '', port] = name.split(' ');
  const [from, to] = kind.endsWith('6')
    ? (['2001:db8:1::7', '2001:db8:1::2'] as const)
    : (['198.51.100.7', '198.51.100.2'] as const);
  if (kind === 'ping') return probe('out', from, to, 8, { protocol: 1, sourcePort: 0 });
  return probe('out', from, to, Number(port), kind.startsWith('udp') ? { protocol: 17 } : {});
}

/** The packets that come in if a chain accepts those of one test, and no others. */
export const asked = (test: string, packets: Readonly<Record<string, boolean | 'unknown'>>): readonly Case[] =>
  Object.entries(packets).map(([name, comes]) => {
    const sent = called(name);
    return {
      name: `${test}: ${name}${comes === true ? '' : comes === false ? ' is not' : ' may be'}`,
      text: inet(hook('input', '0', 'drop', `${test} accept`)),
      probe: sent,
      becomes: comes === 'unknown' ? comes : comes ? `gw: ${sent.from} > ${sent.to}:${sent.port}` : 'denied',
    };
  });
