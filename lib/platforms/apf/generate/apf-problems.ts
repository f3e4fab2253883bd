// Creates the problems of policies that APF can't implement, as far as only APF has them;
// `lib/generate/policy-problems.ts` has those of every platform.

import { AllowRule, AllowRules } from '../../../policy/policy';
import { Problem } from '../../../problems/problem';
import { printPortRange } from '../../../generate/netfilter/config-files';

export const createUnknownVersion = (device: string, wrote: string): Problem => ({
  code: 'apf/version',
  where: `device ${device}`,
  what: `"${wrote}" is no version of APF that is known here.`,
  instead: '"9.7" of Debian and Ubuntu, "2.0.2" of its authors, as /etc/apf-firewall/VERSION or /etc/apf/VERSION says.',
});

export const createTypeForSome = ({ name }: AllowRules, ports: AllowRule['ports']): Problem => ({
  code: 'apf/icmp-for-some',
  where: `openings ${name}`,
  what: `A line of allow_hosts.rules is for TCP or UDP: ${ports === 'all' ? 'ICMP' : `type ${ports.map((range) => printPortRange(range, ' to ')).join(', ')} of ICMP`} is open to any source or to none.`,
  instead: 'ping: "anywhere" or "nobody", and no types of ICMP for some sources; or another platform.',
});

export const createAnyType = ({ name }: AllowRules): Problem => ({
  code: 'apf/icmp-type-255',
  where: `openings ${name}`,
  what: 'ICMP type 255 is every type in a rule of iptables.',
  instead: 'the types that are meant; or ICMP without types, which opens all of them.',
});

/** A line for all of a family would open the whole server while an operator refreshes the lists (`apf -e`). */
export const createOneFamily = ({ name }: AllowRules): Problem => ({
  code: 'apf/one-family',
  where: `openings ${name}`,
  what: 'A port is open to any source of IPv4 or of IPv6 alone, and keys of APF are for both.',
  instead: 'sources "anywhere", or networks that are not all of a family; or another platform.',
});

/** The earlier state isn't known, and APF can't tell sources of pings apart. */
export const createInsidePing = ({ name }: AllowRules): Problem => ({
  code: 'apf/inside-ping',
  where: `openings ${name}`,
  what: "What comes from inside is not ours to close, and APF can't let in pings of some: it would close those from inside.",
  instead: 'ping: "anywhere"; or trustedConnections: "listed"; or trustedNetworks: "none".',
});

/**
 * A line of deny_hosts.rules ends sessions of either side, so the generator cuts blocked peers out of the allowed ones.
 * For a port open to all that would take lines for nearly every address, and APF evaluates lines before bans.
 */
export const createBlockedOfAll = ({ name, entries, blocked }: AllowRules): readonly Problem[] =>
  blocked.length === 0 || entries.every(({ management, sources }) => management || sources !== 'anywhere')
    ? []
    : [
        {
          code: 'apf/blocked',
          where: `openings ${name}`,
          what: 'A source is blocked from what is open to all others: APF could say it only by lines for all others, and a ban in deny_hosts.rules has no effect on a source with a line.',
          instead:
            'no "blocked": these networks in deny_hosts.rules, which stays yours (it closes what the server opens to them, too); or sources that leave them out.',
        },
      ];
