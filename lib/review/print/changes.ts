import { groupBy } from '../../net/group-by';
import { Item, Section, Words, enumerated, grouped } from '../../report/document';
import { Change, Review } from '../review';
import { Told, sideOf, toldOf } from './told';

/** What the changes of one kind are called where people read them, in the order in which they read. */
export const SECTIONS: readonly { readonly kind: Change['kind']; readonly title: string; readonly counted: string }[] =
  [
    { kind: 'unknown', title: 'Cannot be decided', counted: 'undecided' },
    { kind: 'opened', title: 'Opens', counted: 'opened' },
    { kind: 'moved', title: 'Leads elsewhere', counted: 'moved' },
    { kind: 'closed', title: 'Closes', counted: 'closed' },
    { kind: 'identity', title: 'Is seen as another source', counted: 'seen as another source' },
  ];

/** How many changes of a kind are told whole; past it each has a line, on a page a row. */
const MOST_WHOLE = 25;

/** What changes, a section for each kind. */
export function changeSections(review: Review): readonly Section[] {
  const deciding = new DecidingLines();
  const told = SECTIONS.map(({ kind }) => toldOf(review, kind));
  const unlisted = (of: Change['kind']): number =>
    Math.max(0, review.counts[of] - review.changes.filter(({ kind }) => kind === of).length);
  const elsewhere = `the JSON output has the worst ${grouped(review.changes.length)} changes and counts the others`;
  // Where one gateway leads all, nobody asks which.
  const gateways = new Set(told.flat().flatMap(({ proof, device }) => (proof === 'end to end' ? [device] : [])));
  const sections = SECTIONS.map((section, at): Section => {
    const left = unlisted(section.kind);
    return {
      ...changeSection(section, told[at]!, { left, bySeveral: gateways.size > 1 }, deciding),
      ...(left > 0 ? { elsewhere } : {}),
    };
  });
  return [...sections, proofSection(told.flat())];
}

/** On a page the first ones of these stand open, since each lets somebody reach something new. */
const OPEN: readonly Change['kind'][] = ['unknown', 'opened', 'moved'];

/** `left`: how many there are that a review counts and doesn't list. `bySeveral`: end to end through more gateways than one. */
function changeSection(
  { kind, title }: (typeof SECTIONS)[number],
  changes: readonly Told[],
  { left, bySeveral }: { readonly left: number; readonly bySeveral: boolean },
  deciding: DecidingLines,
): Section {
  const brief = changes.slice(MOST_WHOLE);
  const inBrief: Item = {
    words: `${grouped(brief.length)} more, in brief`,
    tone: 'title',
    below: brief.map((change) => ({
      words: [...destinationsOf(change), ` from ${sideOf(change)}: ${outcomeOf(change)}`],
      tone: toneOf(change),
    })),
  };
  const leads =
    kind === 'moved' || kind === 'identity' ? ['Was', 'Becomes'] : [kind === 'closed' ? 'Reached' : 'Reaches'];
  return {
    title,
    folded: title,
    items: [
      ...blocksOf(changes.slice(0, MOST_WHOLE)).map((block) => blockItem(block, deciding)),
      ...(brief.length > 0 ? [inBrief] : []),
    ],
    left,
    table: {
      columns: ['Port', 'Address', 'Side', 'From', ...leads, 'Why'],
      rows: changes.map((change) => rowOf(change, bySeveral)),
      left,
      open: OPEN.includes(kind) ? MOST_WHOLE : 0,
    },
  };
}

/** Changes of a kind on the same addresses, seen from the same side, proven alike. */
const blocksOf = (changes: readonly Told[]): readonly (readonly [Told, ...Told[]])[] => [
  ...groupBy(changes, (change) =>
    JSON.stringify([change.kind, destinationsOf(change), sideOf(change), change.device, change.proof, change.evidence]),
  ).values(),
];

function blockItem(block: readonly [Told, ...Told[]], deciding: DecidingLines): Item {
  const why = whyOf(block[0]);
  // One reason for several is told once.
  const isOne = block.length > 1 && block.every((change) => whyOf(change) === why);
  return {
    words: headingOf(block[0]),
    tone: 'title',
    fields: isOne ? [['why', why]] : [],
    below: block.map((change) => ({
      words: outcomeOf(change),
      tone: toneOf(change),
      fields: [
        ['why', isOne ? '' : whyOf(change)],
        ['packet', change.witness],
        ...deciding.of(change).map((words) => ['decided by', words] as const),
      ],
    })),
  };
}

/** What stands above a block of them. */
const headingOf = (change: Told): Exclude<Words, string> => {
  const { device, proof, evidence } = change;
  return [
    ...destinationsOf(change),
    ` from ${sideOf(change)} (${device}, ${proof}${evidence === 'own text' ? '' : `, ${evidence}`})`,
  ];
};

/** `tcp 3306 from anywhere, reaches 10.0.0.10 of web1`. */
function outcomeOf(change: Change): string {
  const { kind, service, reaches, from, to } = change;
  const [old, now] = [from ?? '?', to ?? '?'];
  const changed =
    kind === 'identity'
      ? `: leaves ${now.startsWith('untranslated') ? '' : 'as '}${now} (was: ${old})`
      : `: was ${old}, becomes ${now}`;
  const was = from === undefined && to === undefined ? '' : changed;
  const led = was === '' ? `, ${kind === 'closed' ? 'reached' : 'reaches'} ${reaches || 'several hosts'}` : '';
  return `${service} from ${sourcesOf(change)}${led}${was}`;
}

export const toneOf = ({ kind, outside }: Change): Item['tone'] & string =>
  kind === 'unknown' ? 'unsure' : kind === 'opened' && outside ? 'bad' : kind === 'closed' ? 'good' : 'plain';

function rowOf(change: Told, bySeveral: boolean): readonly Words[] {
  const { kind, proof, device, outside, service, reaches, from, to } = change;
  const whose = proof === 'one device' ? `${device} alone` : bySeveral ? `through ${device}` : undefined;
  return [
    [{ exact: service, strong: true }],
    destinationsOf(change),
    [
      ...(outside ? [{ sign: '🌐 ' } as const] : []),
      sideOf(change),
      ...(whose === undefined ? [] : [{ sign: '\n' } as const, whose]),
    ],
    sourcesOf(change),
    ...(kind === 'moved' || kind === 'identity' ? [from ?? '', to ?? ''] : [reaches || 'several hosts']),
    whyOf(change),
  ];
}

/** A change in one sentence, and what of it tells it from others: no number that moves. */
export function inOneSentence(change: Change): { readonly about: string; readonly said: string } {
  const { destinations, destinationCount, vantage, proof, evidence } = change;
  const left = destinationCount - destinations.length;
  const led = ` from ${vantage}: ${outcomeOf(change)}`;
  const shown = destinations.join(', ');
  return {
    about: shown + led,
    said: `${shown}${left > 0 ? ` and ${grouped(left)} more` : ''}${led} (${proof}, ${evidence}): ${whyOf(change)}`,
  };
}

const destinationsOf = ({ destinations, destinationCount }: Change): Exclude<Words, string> =>
  enumerated(
    destinations.map((exact) => ({ exact })),
    destinationCount,
  );

/** Hundreds of prefixes tell a reader less than the first ones and that there are more. */
function sourcesOf({ kind, sources, already }: Change): string {
  if (already === undefined) return shortened(sources);
  if (kind === 'closed') return `${shortened(sources)} (stays open for ${shortened(already)})`;
  return `${shortened(openedTo({ sources, already }))} (${shortened(already)} had it before)`;
}

/** Whoever had it is kept out by nothing. */
export const openedTo = ({ sources, already }: Pick<Change, 'sources' | 'already'>): string =>
  already !== undefined && sources === `anywhere but ${already}` ? 'anywhere' : sources;

function shortened(sources: string): string {
  if (sources.length <= 300) return sources;
  const cut = sources.slice(0, 300);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(', '), 100))}, and more`;
}

/** The wish, and the mappings that it doesn't name. */
function whyOf({ reason, mappings }: Change): string {
  // A profile may be called as a mapping is.
  const said = new Set([...reason.matchAll(/\bmapping ([\p{L}\p{N}_-]+)/gu)].map(([, name]) => name));
  const unsaid = mappings.filter((name) => !said.has(name));
  const more = unsaid.length > 20 ? ` and ${grouped(unsaid.length - 20)} more` : '';
  return [reason, unsaid.length === 0 ? '' : `mapping ${unsaid.slice(0, 20).join(', ')}${more}`]
    .filter((part) => part !== '')
    .join('; ');
}

function proofSection(all: readonly Told[]): Section {
  const deciding = new DecidingLines();
  const title = 'A packet of each change, and the lines that decide it';
  const items = blocksOf(all).map((block) => ({
    words: [`${SECTIONS.find(({ kind }) => kind === block[0].kind)!.title}: `, ...headingOf(block[0])],
    below: block.map((change) => ({
      words: [{ exact: change.service }, `: ${change.witness}`],
      below: deciding.of(change).map((words) => ({ words })),
    })),
  }));
  return { title, folded: title, items, beside: true };
}

/** Lines that decide are few and decide much: each is told once, and then by its number. */
class DecidingLines {
  private readonly told = new Set<string>();

  of({ lines }: Change): readonly Words[] {
    const key = ({ device, number, text }: Change['lines'][number]): string => JSON.stringify([device, number, text]);
    const fresh = lines.filter((line) => !this.told.has(key(line)));
    const known = lines.filter((line) => this.told.has(key(line)));
    for (const line of fresh) this.told.add(key(line));
    const above = [...groupBy(known, ({ device }) => device).values()].map(
      ([first, ...more]) =>
        `${first.device} line${more.length > 0 ? 's' : ''} ${[first, ...more].map(({ number }) => number).join(', ')}`,
    );
    return [
      ...fresh.map(({ device, number, text }) => [`${device} line ${number}: `, { exact: text }]),
      ...(above.length > 0 ? [`${above.join('; ')}, as above`] : []),
    ];
  }
}
