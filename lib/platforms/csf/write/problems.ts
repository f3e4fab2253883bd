import { printPrefix, Prefix } from '../../../net/address';
import { PROTOCOL } from '../../../net/packet';
import { Opening, Openings } from '../../../policy/policy';
import { Problem } from '../../../problems/problem';

// What is csf's own: the rest is `writing/refuse`.

export const surroundings = (where: string): Problem => ({
  code: 'csf/surroundings',
  where,
  what: 'Its keys and lines are its own: what else is in csf.conf and csf.allow is no part of them.',
  instead: 'no "surroundings"; the whole live ruleset is judged on the device.',
});

const SAYABLE: readonly number[] = [PROTOCOL.tcp, PROTOCOL.udp, PROTOCOL.icmp, PROTOCOL.icmpv6];

/** Protocols that no line of csf has. Those with ports are refused because of their ports. */
export const otherProtocols = (openings: string, entries: readonly Pick<Opening, 'protocol' | 'ports'>[]): readonly Problem[] => {
  const others = new Set(entries.filter(({ ports }) => ports === 'all').map(({ protocol }) => protocol));
  return [...others]
    .filter((protocol) => !SAYABLE.includes(protocol))
    .map((protocol) => ({
      code: 'csf/protocol',
      where: `openings ${openings}`,
      what: `A line of csf is for TCP, UDP or ICMP: of protocol ${protocol} it can say nothing.`,
      instead:
        'no opening for it, and a line of its own for the peer in csf.allow, which opens everything to that peer; or another platform.',
    }));
};

/**
 * A line of csf.deny closes in both directions, so who is blocked is cut out of who is let in. For a port of everybody that would be lines for
 * nearly everybody, and csf asks lines before it asks for bans.
 */
export const blockedOfAll = ({ name, entries, blocked }: Openings): readonly Problem[] =>
  blocked.length === 0 || entries.every(({ management, sources }) => management || sources !== 'anywhere')
    ? []
    : [
        {
          code: 'csf/blocked',
          where: `openings ${name}`,
          what: 'Somebody is blocked from what is open to everybody else: csf could say it by lines for everybody else alone, and whoever has a line is banned in vain, by lfd and by csf.deny.',
          instead:
            'no "blocked": these networks in csf.deny, which stays yours (it closes what the server opens to them, too); or sources that leave them out.',
        },
      ];

export const tooManyLines = (device: string, count: number, most: number): Problem => ({
  code: 'csf/too-many-lines',
  where: `device ${device}`,
  what: `It takes ${count} lines of csf.allow, and csf loads each as a rule of its own: at most ${most}.`,
  instead: 'fewer and wider networks.',
});

export const noAddress = (device: string, peer: Prefix): Problem => ({
  code: 'csf/address',
  where: `device ${device}`,
  what: `csf passes over lines with ${printPrefix(peer)}, which it takes for its own.`,
  instead: 'networks that leave it out, or a wider one.',
});
