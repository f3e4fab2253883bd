// The type `Excess`: how a platform's rules may differ from a policy that it can't express exactly (packets that pass
// or don't pass besides). Describes the excess that applies to a policy in sentences.

import { GatewayPolicy, Policy } from './policy';

/**
 * The limits of a platform that can't do exactly what a policy asks for: which other packets pass, and which don't.
 * Part of its capabilities. A platform with only false, `kept` and `all` does exactly what a policy says.
 */
export interface Excess {
  /**
   * Allow rules of a mapped host also let packets from outside pass that are sent directly to its inside address,
   * because the platform's rules see only translated packets.
   */
  readonly directToInside: boolean;
  /**
   * Reflection translates every port of a public address to its host. Inside hosts reach by the public address all that
   * they may reach there directly.
   */
  readonly reflectsAllPorts: boolean;
  /**
   * If reflection translates sources, every packet with a source in the server's own subnet counts as reflected,
   * whatever interface it arrives by. A packet with a spoofed source reaches the server with the gateway's address.
   */
  readonly reflectsBySource: boolean;
  /** Sentences on packets that reach mapped hosts although no line of the rules shows it. */
  readonly unseen: readonly string[];
  /** Whether the source port of a reflected connection is kept if its source is translated. */
  readonly reflectedSourcePorts: 'kept' | 'free';
  /**
   * All packets of a session pass: a session that was let in goes on when its port closes, and so do the ICMP messages
   * about it and what a helper of connection tracking expects.
   */
  readonly sessionsPass: boolean;
  /**
   * All ICMP passes, to a server and from it, from blocked sources too. Inbound echo requests of IPv4 are the
   * exception: each needs an allow rule, whatever session it belongs to.
   */
  readonly icmpPasses: boolean;
  /**
   * A server drops packets from blocked sources to a port that is open to others, whatever session they belong to. That
   * includes answers to the server's own connections from that port.
   */
  readonly cutsBlocked: boolean;
  /** All IPv6 passes, to a server and from it: the platform has no rules for IPv6. */
  readonly ipv6Passes: boolean;
  /**
   * IANA numbers of the protocols whose answers a server accepts. All other answers are dropped, except replies to a
   * ping and ICMP errors: these come in whether the server asked or not.
   */
  readonly replyProtocols: 'all' | readonly number[];
  /**
   * IANA numbers of the protocols that may leave a server that may reach anywhere. All other protocols that it sends
   * are dropped.
   */
  readonly outboundProtocols: 'all' | readonly number[];
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
  replyProtocols: 'all',
  outboundProtocols: 'all',
};

const PROTOCOL_NAMES: Readonly<Record<number, string>> = { 1: 'ICMP', 6: 'TCP', 17: 'UDP', 58: 'ICMPv6' };
const nameProtocol = (protocol: number): string => PROTOCOL_NAMES[protocol] ?? `protocol ${protocol}`;

/** Returns the excess that applies to this policy, one sentence each, for people. */
export function describeExcess(policy: Policy, excess: Excess): readonly string[] {
  const {
    directToInside,
    reflectsAllPorts,
    unseen,
    sessionsPass,
    icmpPasses,
    cutsBlocked,
    ipv6Passes,
    replyProtocols,
    outboundProtocols,
  } = excess;
  const keptSessions =
    sessionsPass && policy.establishedSessions === 'terminate'
      ? [`${policy.platform} ends no session: what was let in goes on when its port closes`]
      : [];
  if (policy.kind === 'server')
    return [
      ...keptSessions,
      ...(icmpPasses
        ? [`${policy.platform} lets all ICMP pass, to the server and from it, but echo requests of IPv4 that come in`]
        : []),
      ...(cutsBlocked && policy.allowRules.blocked.length > 0
        ? [
            `${policy.platform} drops whatever comes from who is blocked to a port that is open to others, what answers the server there, too`,
          ]
        : []),
      ...(ipv6Passes ? [`everything by IPv6 passes: ${policy.platform} knows none of it`] : []),
      ...(replyProtocols === 'all'
        ? []
        : [
            `${policy.platform} drops what answers the server, but ${replyProtocols.map(nameProtocol).join(', ')}; answers to pings and errors of ICMP come in whether it asked or not`,
          ]),
      ...(outboundProtocols !== 'all' && policy.outbound === 'anywhere'
        ? [
            `${policy.platform} lets nothing out but ${outboundProtocols.map(nameProtocol).join(', ')}, whatever the server sends`,
          ]
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
  mappings.some(({ enabled, allowRules }) => enabled && allowRules.entries.length > 0);

const hasReflection = ({ mappings }: GatewayPolicy): boolean =>
  mappings.some(({ enabled, reflection }) => enabled && reflection.mode !== 'disabled' && reflection.from.length > 0);
