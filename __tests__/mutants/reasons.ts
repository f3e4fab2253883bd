import { Outcome } from './judge';
import { Kind } from './mutants';

/** Named mistakes that the proof doesn't see yet. */
export const PENDING: ReadonlySet<string> = new Set([
  'nftables gateway: filters after others',
  'nftables server: filters after others',
  'pfSense: what others keep out by name is let in by the place of a rule',
]);

type Survived = Extract<Outcome, { readonly is: 'survives' }>['effect'];

/** What is the same for everybody has its reason in that. */
const BY_EFFECT: Partial<Readonly<Record<Survived, string>>> = {
  words: 'Descriptions and comments: nobody decides by them',
  'assumed box': 'Only what is assumed of a box that was not captured: nothing of it is delivered',
  'was refused': 'What a writer refuses because it could be meant otherwise, and what is written is one of its meanings',
  'reads alike': 'Every packet fares alike: order, names, another spelling of the same',
};

/** What is in the list above, and the same in a source. */
const NOT_YET = 'Not seen yet';

/** Others, one by one: part of the file, part of the name, why. */
const ONE_BY_ONE: readonly (readonly [of: string, name: string, reason: string])[] = [
  ['nftables/write/gateway/addresses.ts', '', NOT_YET],
  ['pfsense/write/virtual-ips.ts', '', NOT_YET],
  ['pfsense/write/lower.ts', '', NOT_YET],
  ['gateway', 'vip: ', NOT_YET],
  ['pfsense/write/render.ts', 'render', NOT_YET],
  ['nftables/write/render.ts', 'delete table', NOT_YET],
  ['nftables/write/sessions.ts', 'NEIGHBOURS_OUT', NOT_YET],
  ['nftables', 'a table of IPv4', NOT_YET],
  ['nftables', 'another type of message', NOT_YET],
  ['pfsense/write/edit.ts', '', 'What is noted for taking a release away again, which the tests of the device program try'],
  ['nftables', 'the old table stays', NOT_YET],
  ['nftables', 'another kind of chain', NOT_YET],
  [
    'nftables/write/gateway/groups.ts',
    '',
    'Connections fare alike; what a helper calls related may be unknown where it was not, for nobody knows the session that it belongs to',
  ],
  [
    'nftables/write/gateway/dispatch.ts',
    'exactPairs',
    'Connections fare alike; what a helper calls related may be unknown where it was not, for nobody knows the session that it belongs to',
  ],
  [
    'lib/meaning/',
    '',
    'Less is asked for than might be, or more let pass: what is written is right, and the mistakes above are tried with the meaning as it is',
  ],
];

/** Why a mutant may survive; undefined: it may not. What has a name may never, but for those that are not seen yet. */
export function reasonOf(kind: Kind, of: string, name: string, effect: Survived): string | undefined {
  if (kind === 'named') return PENDING.has(name) ? NOT_YET : undefined;
  if (effect === 'refused by nft') return NOT_YET;
  const [, , own] = ONE_BY_ONE.find(([file, part]) => of.includes(file) && name.includes(part)) ?? [];
  return effect === 'assumed box' ? (own ?? BY_EFFECT[effect]) : (BY_EFFECT[effect] ?? own);
}
