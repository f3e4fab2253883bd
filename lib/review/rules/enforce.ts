import { Verdict } from '../../reachability/exposure';
import { serviceWords } from '../../reachability/listing';
import { Row, rowsOf } from '../../reachability/rows';
import { placeOf } from '../../lint/per-owner';
import { Subject } from '../../lint/subject';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { Change, Objection } from '../review';
import { ReviewRules } from '../rules';
import { packetsOf } from './packets';
import { Reachable, TO_PRIVATE, reachableFromOutside, reachableSet } from './reachable';
import { destinationsOf, isFromAnywhere, sourcesOf } from './words';

/** What a change is, besides what it leads to. */
export interface ChangeFacts {
  readonly changes: readonly Change[];
  readonly devicesChanged: number;
  /** `2027-01-31`. */
  readonly today: string;
  /**
   * What may be running before: one subject for each state that the devices may be in. A violation stood already only where each of
   * them has it. None: these are first releases. Undefined: it isn't known, and only said where `changes` leaves no doubt.
   */
  readonly before?: readonly Subject[];
}

type When = 'opens' | 'stood' | 'not known';

const WHEN: Readonly<Record<When, string>> = {
  opens: ' This change opens it.',
  stood: ' It stood open before this change already.',
  'not known': '',
};

/** So many rows of one rule at one place are listed; the others are counted. */
const MOST_ROWS = 50;

/** What breaks the review rules after the change. Unknown counts as reachable. Each packet is said once, by the strictest rule. */
export const enforce = (rules: ReviewRules, subject: Subject, change: ChangeFacts): readonly Objection[] => [
  ...opened(rules, subject, change),
  ...tooMany(rules, change.devicesChanged),
];

/** The same apart from how many devices one change may touch: of a part of its devices. */
export function opened(
  rules: ReviewRules,
  subject: Subject,
  change: Omit<ChangeFacts, 'devicesChanged'>,
): readonly Objection[] {
  const packets = packetsOf(rules);
  const stood = stoodBefore(change);
  const found = reachableFromOutside(subject).flatMap((reachable) => {
    const said: PacketSet[] = [];
    const broken = (code: string, rule: string, hit: PacketMap<Verdict>, instead: string): readonly Objection[] => {
      const rest = said.reduce((left, earlier) => left.apartFrom(earlier), hit);
      said.push(hit.domain);
      return remarks(code, rule, { ...reachable, verdicts: rest }, stood, instead);
    };
    const { verdicts } = reachable;
    return [
      ...packets.forbidden.flatMap(({ rule, packets: hit }) =>
        broken('rules/forbidden', rule, verdicts.within(hit), STOP),
      ),
      ...packets.admin.flatMap(({ rule, packets: hit }) =>
        broken('rules/admin-source', rule, verdicts.within(hit), NARROW),
      ),
      ...(packets.allowed && packets.allowedInside
        ? broken(
            'rules/not-allowed',
            'allowed: no entry has it',
            verdicts
              .apartFrom(TO_PRIVATE)
              .apartFrom(packets.allowed)
              .or(verdicts.within(TO_PRIVATE).apartFrom(packets.allowedInside)),
            LIST,
          )
        : []),
    ];
  });
  // Several ways out of one gateway say the same of one way in.
  const once = new Map(found.map((remark) => [JSON.stringify(remark), remark]));
  return [...once.values()];
}

const STOP = 'close it in the stack, or take it from "forbidden": the review shows a change of the rules as such.';
const NARROW =
  'give it a "from" with those sources in the stack, or add the sources to "admin": the review shows a change of the rules as such.';
const LIST = 'close it in the stack, or add it to "allowed": the review shows a change of the rules as such.';
/** What is for listed sources is mostly for administrators. */
const LIST_SOURCES =
  'close it in the stack, or add it with these sources to "admin", or to "allowed": the review shows a change of the rules as such.';

/** For the packets that stood open in every state before; undefined: not known. */
function stoodBefore({ before, changes }: Pick<ChangeFacts, 'before' | 'changes'>): PacketSet | undefined {
  if (before)
    return (
      before.map(reachableSet).reduce<PacketSet | undefined>((all, one) => all?.within(one) ?? one, undefined) ??
      PacketMap.NONE
    );
  return changes.some(({ kind, outside }) => outside && kind !== 'closed' && kind !== 'identity')
    ? undefined
    : PacketMap.ALL;
}

function remarks(
  code: string,
  rule: string,
  { owner, from, proof, verdicts }: Reachable,
  stood: PacketSet | undefined,
  instead: string,
): readonly Objection[] {
  if (verdicts.isEmpty) return [];
  const told = verdicts.with(stood ?? PacketMap.NONE, (verdict, before): string | undefined => {
    if (!verdict) return undefined;
    const when: When = stood === undefined ? 'not known' : before ? 'stood' : 'opens';
    return `${when}|${verdict.is === 'allowed' ? '' : verdict.because}`;
  });
  const rows = rowsOf(told);
  const listed = rows.slice(0, MOST_ROWS).map((row): Objection => {
    const [when = 'not known', ...because] = row.value.split('|') as [When, ...string[]];
    const unsure = because.join('|');
    const word = proof === 'one device' ? 'by the word of this device alone' : 'end to end';
    const is = unsure === '' ? `is reachable, ${word}` : `may be reachable (${unsure}), which counts as reachable`;
    const about = `${from}: ${lineOf(row)}`;
    return {
      code,
      where: placeOf(owner, row.destinations),
      about,
      instead: instead === LIST && !isFromAnywhere(row) ? LIST_SOURCES : instead,
      what: `${about} ${is}, and the review rules say otherwise (${rule}).${WHEN[when]}`,
      ...(when === 'not known' ? {} : { stood: when === 'stood' }),
    };
  });
  const more = rows.length - listed.length;
  return more === 0
    ? listed
    : [
        ...listed,
        {
          code,
          where: owner.name,
          about: from,
          what: `${from}: ${more} more rows break the same rule (${rule}).`,
          instead,
        },
      ];
}

const lineOf = (row: Row<unknown>): string => `${destinationsOf(row)} ${serviceWords(row)} from ${sourcesOf(row)}`;

export function tooMany({ mostDevices }: ReviewRules, changed: number): readonly Objection[] {
  if (mostDevices === undefined || changed <= mostDevices) return [];
  return [
    {
      code: 'rules/too-many-devices',
      where: 'this change',
      what: `It touches ${changed} devices; the review rules let one change touch ${mostDevices} (mostDevices).`,
      instead: 'several changes one after another, each with a look at what the one before it did.',
    },
  ];
}
