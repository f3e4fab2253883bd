import { GatewayPolicy, Policy } from './policy';

/**
 * Where a platform can't do just what is asked for: what passes besides, and what doesn't. Data of its capabilities; everything false, `kept` or
 * `all` is a platform that does exactly what a policy says.
 */
export interface Excess {
  /** What is opened to a mapped host passes from outside straight to its inside address, too: rules see translated packets alone. */
  readonly directToInside: boolean;
  /** Reflection leads every port of a public address to its host; what inside hosts may reach there directly, they reach so too. */
  readonly reflectsAllPorts: boolean;
  /**
   * What has a source of the server's own subnet counts as reflected where reflection translates sources, whatever interface it comes by:
   * a spoofed one reaches the server as the gateway.
   */
  readonly reflectsBySource: boolean;
  /** What passes to mapped hosts and no line of its rules shows, a sentence each. */
  readonly unseen: readonly string[];
  /** Source ports of reflected connections whose source is translated. */
  readonly reflectedSourcePorts: 'kept' | 'free';
  /**
   * Whatever belongs to a session passes: one that was let in goes on when its port closes, and so does what ICMP says about it, and what a
   * helper of connection tracking expects.
   */
  readonly sessionsPass: boolean;
  /**
   * All ICMP passes, to a server and from it, whoever is blocked; of what comes in, all but echo requests of IPv4, each of which is asked for,
   * whatever session it is of.
   */
  readonly icmpPasses: boolean;
  /**
   * A server drops what comes from who is blocked to a port that is open to others, whatever session it is of: what answers a connection of its own from
   * that port, too.
   */
  readonly cutsBlocked: boolean;
  /** All IPv6 passes, to a server and from it: its rules know none. */
  readonly ipv6Passes: boolean;
  /**
   * IANA numbers of the protocols of which a server hears answers. Whatever else answers it is dropped, but for what answers a ping and for
   * errors of ICMP: these come in in any case, asked for or not.
   */
  readonly answers: 'all' | readonly number[];
  /** IANA numbers of the protocols that leave a server that may reach anywhere: whatever else it sends is dropped. */
  readonly leaves: 'all' | readonly number[];
}

export const NO_EXCESS: Excess = {
  directToInside: false,
  reflectsAllPorts: false,
  reflectsBySource: false,
  unseen: [],
  reflectedSourcePorts: 'kept',
  sessionsPass: false,
  icmpPasses: false,
  cutsBlocked: false,
  ipv6Passes: false,
  answers: 'all',
  leaves: 'all',
};

const PROTOCOL_NAMES: Readonly<Record<number, string>> = { 1: 'ICMP', 6: 'TCP', 17: 'UDP', 58: 'ICMPv6' };
const nameProtocol = (protocol: number): string => PROTOCOL_NAMES[protocol] ?? `protocol ${protocol}`;

/** For people: what of an excess a policy meets, a sentence each. */
export function describeExcess(policy: Policy, excess: Excess): readonly string[] {
  const {
    directToInside,
    reflectsAllPorts,
    unseen,
    sessionsPass,
    icmpPasses,
    cutsBlocked,
    ipv6Passes,
    answers,
    leaves,
  } = excess;
  const keptSessions =
    sessionsPass && policy.whenClosed === 'cut'
      ? [`${policy.platform} ends no session: what was let in goes on when its port closes`]
      : [];
  if (policy.kind === 'server')
    return [
      ...keptSessions,
      ...(icmpPasses
        ? [`${policy.platform} lets all ICMP pass, to the server and from it, but echo requests of IPv4 that come in`]
        : []),
      ...(cutsBlocked && policy.openings.blocked.length > 0
        ? [
            `${policy.platform} drops whatever comes from who is blocked to a port that is open to others, what answers the server there, too`,
          ]
        : []),
      ...(ipv6Passes ? [`everything by IPv6 passes: ${policy.platform} knows none of it`] : []),
      ...(answers === 'all'
        ? []
        : [
            `${policy.platform} drops what answers the server, but ${answers.map(nameProtocol).join(', ')}; answers to pings and errors of ICMP come in whether it asked or not`,
          ]),
      ...(leaves !== 'all' && policy.outbound === 'anywhere'
        ? [`${policy.platform} lets nothing out but ${leaves.map(nameProtocol).join(', ')}, whatever the server sends`]
        : []),
    ];
  return [
    ...keptSessions,
    ...(directToInside && hasAllowRules(policy)
      ? [
          `${policy.platform} filters after translation: what is opened to a mapped host passes from outside to its inside address, too`,
        ]
      : []),
    ...(reflectsAllPorts && hasReflection(policy)
      ? [
          `${policy.platform} reflects every port: by a public address inside hosts reach whatever they may reach of its host directly`,
        ]
      : []),
    ...(policy.mappings.some(({ enabled }) => enabled) ? unseen.map((what) => `${policy.platform} ${what}`) : []),
  ];
}

const hasAllowRules = ({ mappings }: GatewayPolicy): boolean =>
  mappings.some(({ enabled, openings }) => enabled && openings.entries.length > 0);

const hasReflection = ({ mappings }: GatewayPolicy): boolean =>
  mappings.some(({ enabled, reflection }) => enabled && reflection.mode !== 'disabled' && reflection.from.length > 0);
