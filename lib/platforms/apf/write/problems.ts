import { NumberRange } from '../../../net/device';
import { Opening, Openings } from '../../../policy/policy';
import { Problem } from '../../../problems/problem';
import { unsayable } from '../../../writing/netfilter/grants';

// What is APF's own: the rest is `writing/refuse`.

export const otherProtocols = ({ name, entries }: Openings): readonly Problem[] =>
  unsayable(entries).map((protocol) => ({
    code: 'apf/protocol',
    where: `openings ${name}`,
    what: `APF opens TCP, UDP and ICMP: of protocol ${protocol} it can say nothing.`,
    instead:
      'no opening for it, and a line of its own for the peer in allow_hosts.rules, which opens everything to that peer; or another platform.',
  }));

export const typeForSome = ({ name }: Openings, ports: Opening['ports']): Problem => ({
  code: 'apf/icmp-for-some',
  where: `openings ${name}`,
  what: `A line of allow_hosts.rules is for TCP or UDP: ${ports === 'all' ? 'ICMP' : `type ${ports.map(typesText).join(', ')} of ICMP`} is open to everybody or to nobody.`,
  instead: 'ping: "anywhere" or "nobody", and no types of ICMP for some sources; or another platform.',
});

const typesText = ({ first, last }: NumberRange): string => (first === last ? `${first}` : `${first} to ${last}`);

export const anyType = ({ name }: Openings): Problem => ({
  code: 'apf/icmp-type-255',
  where: `openings ${name}`,
  what: 'ICMP type 255 is every type in a rule of iptables.',
  instead: 'the types that are meant; or ICMP without types, which opens all of them.',
});

/** As it was nobody knows, and APF can't tell who pings. */
export const insidePing = ({ name }: Openings): Problem => ({
  code: 'apf/inside-ping',
  where: `openings ${name}`,
  what: "What comes from inside is not ours to close, and APF can't let in pings of some: it would close those from inside.",
  instead: 'ping: "anywhere"; or insideConnections: "listed"; or inside: "none".',
});

/**
 * A line of deny_hosts.rules ends sessions, whoever began them, so who is blocked is cut out of who is let in. For a port of everybody that
 * would be lines for nearly everybody, and APF asks lines before it asks for bans.
 */
export const blockedOfAll = ({ name, entries, blocked }: Openings): readonly Problem[] =>
  blocked.length === 0 || entries.every(({ management, sources }) => management || sources !== 'anywhere')
    ? []
    : [
        {
          code: 'apf/blocked',
          where: `openings ${name}`,
          what: 'Somebody is blocked from what is open to everybody else: APF could say it by lines for everybody else alone, and whoever has a line is banned in vain by deny_hosts.rules.',
          instead:
            'no "blocked": these networks in deny_hosts.rules, which stays yours (it closes what the server opens to them, too); or sources that leave them out.',
        },
      ];

export const tooManyLines = (device: string, count: number, most: number): Problem => ({
  code: 'apf/too-many-lines',
  where: `device ${device}`,
  what: `It takes ${count} lines of allow_hosts.rules, one for each network and range of ports, and APF loads them one by one: at most ${most}.`,
  instead: 'fewer and wider networks, or ports that touch.',
});
