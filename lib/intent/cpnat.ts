import { Pair, Seen, seenAs } from '../policy/cpnat';
import { Address, familyOf, printAddress } from '../net/address';
import { numbersWithout } from '../net/axes';
import { NumberRange } from '../net/device';
import { ALL_PORTS, PROTOCOL } from '../net/packet';
import { CpnatWish, Opening } from '../policy/policy';
import { Problem } from '../problems/problem';
import { addressOf } from './addresses';
import { Fields, Place, entriesOf, textOf } from './fields';
import { KEYS } from './keys';
import { rangeOfText } from './ports';
import * as say from './problems/cpnat';

/** What a person wrote; the pairs that mappings give are known once all of them are there. */
export interface CpnatDraft extends Pick<CpnatWish, 'natMode' | 'serverInUse' | 'myip'> {
  readonly where: string;
  readonly pairs: readonly Pair[] | 'of mappings';
  readonly passiveFtp?: { readonly where: string; readonly address?: Address; readonly ports?: NumberRange };
}

export function cpnatOf(value: unknown, place: Place, locals: readonly Address[]): CpnatDraft | undefined {
  const fields = Fields.of(value, place, "An object: { natMode: 'on' }", KEYS.cpnat);
  if (!fields) return undefined;
  const before = place.problems.length;
  const natMode = fields.choiceOr('natMode', ['on', 'off'] as const, 'on');
  const serverInUse = fields.choiceOr('serverInUse', ['refuse', 'change'] as const, 'refuse');
  const off = natMode === 'off';
  for (const key of ['pairs', 'passiveFtp'])
    if (off && fields.has(key)) place.add(say.nothingWithoutNat(place.where, key));
  const pairs = fields.has('pairs')
    ? pairsOf(fields.raw('pairs'), fields.at('pairs'), locals)
    : off
      ? []
      : 'of mappings';
  const myip = fields.has('myip') ? pageOf(fields.raw('myip'), fields.at('myip')) : undefined;
  const passiveFtp = fields.has('passiveFtp')
    ? passiveFtpOf(fields.raw('passiveFtp'), fields.at('passiveFtp'))
    : undefined;
  if (!natMode || !serverInUse || place.problems.length > before) return undefined;
  return {
    where: place.where,
    natMode,
    serverInUse,
    pairs,
    ...(myip === undefined ? {} : { myip }),
    ...(passiveFtp ? { passiveFtp } : {}),
  };
}

/** No password and nothing that a shell or a file could take for something else. */
const PAGE = /^https?:\/\/[A-Za-z0-9][A-Za-z0-9.-]*(:\d{1,5})?(\/[\w./-]*)?$/;

function pageOf(value: unknown, place: Place): string | undefined {
  const text = textOf(value, place, 'The address of a page, as text');
  return text === undefined || PAGE.test(text) ? text : place.add(say.noPage(place.where, text));
}

function passiveFtpOf(value: unknown, place: Place): CpnatDraft['passiveFtp'] {
  const fields = Fields.of(value, place, "An object: { ports: '50000-50100' }", ['address', 'ports']);
  if (!fields) return undefined;
  const address = fields.has('address') ? addressOf(fields.raw('address'), fields.at('address')) : undefined;
  const written = fields.has('ports')
    ? textOf(fields.raw('ports'), fields.at('ports'), 'A range of ports, as text')
    : undefined;
  const ports = written === undefined ? undefined : rangeOfText(written, fields.at('ports'));
  return { where: place.where, ...(address === undefined ? {} : { address }), ...(ports ? { ports } : {}) };
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
    .add(
      say.notLocal(
        fields.at('local').where,
        printAddress(local),
        locals.filter((one) => familyOf(one) === 'ip').map(printAddress),
      ),
    );
}

/** What decides about it beside what was written. */
interface Around {
  readonly locals: readonly Address[];
  readonly mappings: readonly Seen[];
  /** What the profile opens. */
  readonly openings: readonly Opening[];
}

/** With the pairs that the mappings of all gateways give. Undefined, and why in `problems`, where there is no such list. */
export function settledCpnat(draft: CpnatDraft, { locals, mappings, openings }: Around): Settled {
  const { where, natMode, serverInUse, myip } = draft;
  const found =
    draft.pairs === 'of mappings' ? locals.map((local) => seenAs(local, mappings)) : draft.pairs.map((pair) => [pair]);
  const pairs = found.flatMap((one) => one);
  const problems = found
    .filter((of) => of.length > 1)
    .map((of) => {
      const outside = of.map((one) => printAddress(one.public));
      return say.several(where, printAddress(of[0]!.local), outside);
    });
  if (pairs.length === 0 && draft.pairs === 'of mappings') problems.push(say.nobodyTranslates(where));
  const address = draft.passiveFtp?.address ?? pairs[0]?.public;
  const passiveFtp = draft.passiveFtp && address !== undefined ? { ...draft.passiveFtp, address } : undefined;
  if (passiveFtp && problems.length === 0) problems.push(...passiveProblems(passiveFtp, pairs, openings));
  if (problems.length > 0) return { problems };
  const ftp = passiveFtp && { address: passiveFtp.address, ...(passiveFtp.ports ? { ports: passiveFtp.ports } : {}) };
  return {
    wish: { natMode, pairs, serverInUse, ...(myip === undefined ? {} : { myip }), ...(ftp ? { passiveFtp: ftp } : {}) },
    problems,
  };
}

function passiveProblems(
  { where, address, ports }: NonNullable<CpnatWish['passiveFtp']> & { readonly where: string },
  pairs: readonly Pair[],
  openings: readonly Opening[],
): readonly Problem[] {
  const known = pairs.map((pair) => pair.public);
  const open = openings.flatMap((one) =>
    one.protocol !== PROTOCOL.tcp ? [] : one.ports === 'all' ? [ALL_PORTS] : one.ports,
  );
  const [closed] = numbersWithout(ports ? [ports] : [], open);
  return [
    ...(known.includes(address) ? [] : [say.passiveElsewhere(where, printAddress(address), known.map(printAddress))]),
    ...(closed ? [say.passiveClosed(where, closed.first)] : []),
  ];
}

interface Settled {
  readonly wish?: CpnatWish;
  readonly problems: readonly Problem[];
}
