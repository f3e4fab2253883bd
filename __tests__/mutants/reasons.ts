import { Outcome } from './judge';
import { Kind } from './mutants';

/** Named mistakes that the proof doesn't see yet. */
export const PENDING: ReadonlySet<string> = new Set([
  'a virtual IP has another length',
  'a virtual IP is announced otherwise',
  'a virtual IP is another address',
  'a virtual IP is missing',
  'a virtual IP is on another interface',
  'nftables gateway: filters after others',
  'nftables gateway: inward translation after others',
  'nftables gateway: outward translation after others',
  'nftables gateway: refused by nft: a range without an interval',
  'nftables gateway: refused by nft: a type twice',
  'nftables gateway: the old table stays',
  'nftables server: filters after others',
  'nftables server: refused by nft: a range without an interval',
  'nftables server: refused by nft: a type twice',
  'nftables server: the old table stays',
  'pfSense: a virtual IP has another length',
  'pfSense: a virtual IP is announced otherwise',
  'pfSense: a virtual IP is on another interface',
]);

type Survived = Extract<Outcome, { readonly is: 'survives' }>['effect'];

/** What is the same for everybody has its reason in that. */
const BY_EFFECT: Partial<Readonly<Record<Survived, string>>> = {
  words: 'Descriptions and comments: nobody decides by them',
  'assumed box': 'The box that is assumed where none was captured: nothing of it is delivered',
  'reads alike': 'Every packet fares alike: order, names, another spelling of the same',
};

/** Others, one by one: part of the file, part of the name, why. */
const ONE_BY_ONE: readonly (readonly [of: string, name: string, reason: string])[] = [];

/** Why a mutant may survive; undefined: it may not. What has a name may never. */
export function reasonOf(kind: Kind, of: string, name: string, effect: Survived): string | undefined {
  if (kind === 'named') return undefined;
  const [, , own] = ONE_BY_ONE.find(([file, part]) => of.includes(file) && name.includes(part)) ?? [];
  return own ?? BY_EFFECT[effect];
}
