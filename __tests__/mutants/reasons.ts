import { Outcome } from './judge';
import { Kind } from './mutants';

/** Named mistakes that the proof doesn't see yet. */
export const PENDING: ReadonlySet<string> = new Set([
  'a virtual IP has another length',
  'a virtual IP is announced otherwise',
  'a virtual IP is another address',
  'a virtual IP is missing',
  'a virtual IP is on another interface',
  'nftables gateway: a disabled mapping sends with its public address',
  'nftables gateway: a neighbour that nobody mapped gets an address',
  'nftables gateway: a prefix map is one bit too wide',
  'nftables gateway: a restriction or exclusion of what is sent is forgotten',
  'nftables gateway: cut in place of finish',
  'nftables gateway: established is dropped',
  'nftables gateway: filters after others',
  'nftables gateway: finish in place of cut',
  'nftables gateway: inward translation after others',
  'nftables gateway: no errors about sessions',
  'nftables gateway: no established rule',
  'nftables gateway: outward translation after others',
  'nftables gateway: refused by nft: a range without an interval',
  'nftables gateway: refused by nft: a type twice',
  'nftables gateway: strays are forwarded',
  'nftables gateway: strays reach the gateway',
  "nftables gateway: the gateway's own address leads to another host",
  'nftables gateway: the old table stays',
  'nftables gateway: what is inbound only sends with its public address',
  'nftables gateway: what is restricted or excluded sends with its public address to everybody',
  'nftables gateway: what was not translated is forwarded',
  'nftables gateway: what was not translated reaches the gateway',
  'nftables gateway: whatever is related passes',
  'nftables gateway: whatever leaves is translated',
  'nftables gateway: whatever leaves is translated, by address',
  'nftables server: IPv4 alone is filtered',
  'nftables server: IPv6 passes as a whole',
  'nftables server: IPv6 passes to TCP',
  'nftables server: IPv6 redirects are heard',
  'nftables server: cut in place of finish',
  'nftables server: established is dropped',
  'nftables server: filters after others',
  'nftables server: finish in place of cut',
  'nftables server: no destination-unreachable',
  'nftables server: no established rule',
  'nftables server: no packet-too-big',
  'nftables server: refused by nft: a range without an interval',
  'nftables server: refused by nft: a type twice',
  'nftables server: strays pass',
  'nftables server: the old table stays',
  'nftables server: whatever is related passes',
  'pfSense: a destination restriction is forgotten',
  'pfSense: a rule passes to any destination',
  'pfSense: a virtual IP has another length',
  'pfSense: a virtual IP is announced otherwise',
  'pfSense: a virtual IP is on another interface',
  'pfSense: an alias of hosts is one bit too wide',
  'pfSense: an exclusion is forgotten',
  'pfSense: an outside interface passes everything that is not to mapped hosts',
  "pfSense: the box's own 443 is open",
  "pfSense: the box's own 443 is open, by any of its addresses",
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
