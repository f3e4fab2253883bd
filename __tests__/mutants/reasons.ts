// The reasons for which a surviving mutant is no fault of the verifier, by the changed function or text.

import { Outcome } from './judge';
import { Kind } from './mutants';

type Survived = Extract<Outcome, { readonly is: 'survives' }>['effect'];

/** Reasons for changes that are the same in every function. */
const BY_EFFECT: Partial<Readonly<Record<Survived, string>>> = {
  words: 'Descriptions and comments: nobody decides by them',
  'assumed box': 'Only what is assumed of a box that was not captured: nothing of it is delivered',
  'was refused':
    'What a writer refuses because it could be meant otherwise, and what is written is one of its meanings',
  'reads alike': 'Every packet fares alike: order, names, another spelling of the same',
  'stray errors':
    'Every packet fares alike but ICMP errors about no session, which the spec lets a server accept and send: they open nothing',
  redirects:
    'Every packet fares alike but ICMP redirects and source quench about a session, of which a gateway lets hosts judge what they are worth',
};

/** Reasons for single mutants: part of the file, part of the name, reason. */
const ONE_BY_ONE: readonly (readonly [of: string, name: string, reason: string])[] = [
  [
    'nftables gateway',
    'another type of message',
    'Closes what nobody asks for: errors about connections that a gateway makes itself, as one of its virtual IPs',
  ],
  [
    'iptables/generate/lower-server.ts',
    'natRules.length === 0',
    'A chain of translations that holds none: nothing is decided there',
  ],
  [
    'pfsense/generate/replace-entries.ts',
    '',
    'What is noted for taking a release away again, which the tests of the device program try',
  ],
  [
    'nftables/generate/gateway/group-allow-rules.ts',
    '',
    'Connections fare alike; what a helper calls related may be unknown where it was not, for nobody knows the session that it belongs to',
  ],
  [
    'nftables/generate/gateway/allow-rule-dispatch.ts',
    'createPairRules',
    'Connections fare alike; what a helper calls related may be unknown where it was not, for nobody knows the session that it belongs to',
  ],
  ['firewalld/generate/icmp-types.ts', '133 -> ', 'A server that asks no router hears those that speak by themselves'],
  [
    'firewalld/generate/lower-clause.ts',
    'createMldRules',
    'What goes to groups comes to none of its addresses: which listeners are asked the goldens say',
  ],
  [
    'apf/generate/lower-server.ts',
    '130 -> ',
    'What goes to groups comes to none of its addresses: which listeners are asked the goldens say',
  ],
  ['firewalld/generate/render.ts', 'renderAttributes', 'A network in a set of its own: every packet fares alike'],
  ...[
    'splitPublicPorts: the first: grant.whole',
    'splitPublicPorts: the second: grant.whole',
    'listInboundGrants: no: true',
  ].map(
    (name) =>
      [
        'generate/netfilter/port-grants.ts',
        name,
        'A line beside a key, or in its place: connections fare alike; who is banned does not, which the tests of the writer say',
      ] as const,
  ),
  [
    'lib/spec/',
    '',
    'Less is asked for than might be, or more let pass: what is written is right, and the mistakes above are tried with the meaning as it is',
  ],
];

/** The reason why a mutant may survive; undefined if it may not. Named mutants and those that nft refuses never may. */
export function reasonOf(kind: Kind, of: string, name: string, effect: Survived): string | undefined {
  if (kind === 'named' || effect === 'refused by nft') return undefined;
  const [, , own] = ONE_BY_ONE.find(([file, part]) => of.includes(file) && name.includes(part)) ?? [];
  return effect === 'assumed box' ? (own ?? BY_EFFECT[effect]) : (BY_EFFECT[effect] ?? own);
}
