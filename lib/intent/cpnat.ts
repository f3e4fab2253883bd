import { Address, familyOf, printAddress } from '../net/address';
import { CpnatWish } from '../policy/policy';
import { Pair, Seen, seenAs } from '../cpnat/wish';
import { addressOf } from './addresses';
import { Fields, Place, entriesOf } from './fields';
import * as say from './problems-cpnat';

/** What a person wrote; the pairs that mappings give are known once all of them are there. */
export interface CpnatDraft extends Omit<CpnatWish, 'pairs'> {
  readonly where: string;
  readonly pairs: readonly Pair[] | 'of mappings';
}

export function cpnatOf(value: unknown, place: Place, locals: readonly Address[]): CpnatDraft | undefined {
  const fields = Fields.of(value, place, "An object: { natMode: 'on' }", ['natMode', 'pairs', 'serverInUse']);
  if (!fields) return undefined;
  const before = place.problems.length;
  const natMode = fields.choiceOr('natMode', ['on', 'off'] as const, 'on');
  const serverInUse = fields.choiceOr('serverInUse', ['refuse', 'change'] as const, 'refuse');
  const off = natMode === 'off';
  if (off && fields.has('pairs')) place.add(say.pairsWithoutNat(place.where));
  const pairs = fields.has('pairs') ? pairsOf(fields.raw('pairs'), fields.at('pairs'), locals) : off ? [] : 'of mappings';
  if (!natMode || !serverInUse || place.problems.length > before) return undefined;
  return { where: place.where, natMode, serverInUse, pairs };
}

function pairsOf(value: unknown, place: Place, locals: readonly Address[]): readonly Pair[] {
  const wanted = "A list of { local: '10.0.0.10', public: '203.0.113.10' }";
  const empty = "At least one pair, or natMode: 'off'.";
  const pairs = entriesOf(value, place, wanted, empty, (entry, at) => pairOf(entry, at, locals));
  for (const end of ['local', 'public'] as const) {
    const seen = new Set<Address>();
    pairs.forEach((pair, index) => {
      if (seen.has(pair[end])) place.add(say.twice(place.at(index).where, end, printAddress(pair[end])));
      seen.add(pair[end]);
    });
  }
  return pairs;
}

function pairOf(value: unknown, place: Place, locals: readonly Address[]): Pair | undefined {
  const fields = Fields.of(value, place, "{ local: '10.0.0.10', public: '203.0.113.10' }", ['local', 'public']);
  if (!fields) return undefined;
  const [local, outside] = (['local', 'public'] as const).map((key) => {
    if (!fields.required(key, 'an IPv4 address')) return undefined;
    const address = addressOf(fields.raw(key), fields.at(key));
    if (address === undefined || familyOf(address) === 'ip') return address;
    return fields.at(key).add(say.notTranslated(fields.at(key).where, printAddress(address)));
  });
  if (local === undefined || outside === undefined) return undefined;
  if (locals.includes(local)) return { local, public: outside };
  return fields
    .at('local')
    .add(say.notLocal(fields.at('local').where, printAddress(local), locals.filter((one) => familyOf(one) === 'ip').map(printAddress)));
}

/** With the pairs that the mappings of all gateways give. Undefined, and why in `problems`, where there is no such list. */
export function settledCpnat(draft: CpnatDraft, locals: readonly Address[], mappings: readonly Seen[]): Settled {
  const { where, natMode, serverInUse } = draft;
  if (draft.pairs !== 'of mappings') return { wish: { natMode, serverInUse, pairs: draft.pairs }, problems: [] };
  const found = locals.map((local) => seenAs(local, mappings));
  const several = found.filter((pairs) => pairs.length > 1);
  const pairs = found.flatMap((one) => one);
  const problems = several.map((of) =>
    say.several(
      where,
      printAddress(of[0]!.local),
      of.map((one) => printAddress(one.public)),
    ),
  );
  if (pairs.length === 0) problems.push(say.nobodyTranslates(where));
  return problems.length > 0 ? { problems } : { wish: { natMode, serverInUse, pairs }, problems };
}

interface Settled {
  readonly wish?: CpnatWish;
  readonly problems: ReturnType<typeof say.several>[];
}
