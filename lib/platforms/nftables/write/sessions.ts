import { ACCEPT, Match, Rule } from './model';

/** ICMP errors about a session that exists. Nothing else passes as related: a helper may call any connection related. */
const ERRORS = {
  icmp: ['destination-unreachable', 'time-exceeded', 'parameter-problem'],
  icmpv6: ['destination-unreachable', 'packet-too-big', 'time-exceeded', 'parameter-problem'],
} as const;

/**
 * What passes because of a session. With `cut` only replies do: packets in the session's own direction meet the rules each time,
 * and that is what ends it when its port closes.
 */
export function sessionRules(whenClosed: 'cut' | 'finish'): readonly Rule[] {
  const established: Match = { is: 'state', state: 'established' };
  const error = (protocol: 'icmp' | 'icmpv6'): Rule => ({
    matches: [
      { is: 'state', state: 'related' },
      { is: 'types', protocol, names: ERRORS[protocol] },
    ],
    verdict: ACCEPT,
  });
  return [
    { matches: whenClosed === 'cut' ? [{ is: 'reply' }, established] : [established], verdict: ACCEPT },
    error('icmp'),
    error('icmpv6'),
  ];
}

/**
 * Without these an IPv6 host falls silent when its neighbours' entries expire, or behind a switch that snoops who listens. Conntrack
 * doesn't track them. Source: RFC 4890 section 4.4.1; RFC 3810.
 */
export const NEIGHBOURS_IN: Rule = {
  matches: [
    { is: 'types', protocol: 'icmpv6', names: ['mld-listener-query', 'nd-router-advert', 'nd-neighbor-solicit', 'nd-neighbor-advert'] },
  ],
  verdict: ACCEPT,
};

export const NEIGHBOURS_OUT: Rule = {
  matches: [
    {
      is: 'types',
      protocol: 'icmpv6',
      names: [
        'mld-listener-report',
        'mld-listener-done',
        'nd-router-solicit',
        'nd-neighbor-solicit',
        'nd-neighbor-advert',
        'mld2-listener-report',
      ],
    },
  ],
  verdict: ACCEPT,
};
