import { Words, grouped, numbered } from '../../printing/document';
import { Change, DeviceReview, LintRemark, Remark, Review } from '../review';

/** What the changes of one kind are called where people read them, in the order in which they read. */
export const SECTIONS: readonly { readonly kind: Change['kind']; readonly title: string; readonly counted: string }[] = [
  { kind: 'unknown', title: 'Cannot be decided', counted: 'undecided' },
  { kind: 'opened', title: 'Opens', counted: 'opened' },
  { kind: 'moved', title: 'Leads elsewhere', counted: 'moved' },
  { kind: 'closed', title: 'Closes', counted: 'closed' },
  { kind: 'identity', title: 'Is seen as another source', counted: 'seen as another source' },
];

export const destinationsOf = ({ destinations, destinationCount }: Change): Exclude<Words, string> =>
  enumerated(
    destinations.map((exact) => ({ exact })),
    destinationCount,
  );

const enumerated = <T>(shown: readonly T[], count: number): readonly (T | string)[] => [
  ...shown.flatMap((one, at) => (at === 0 ? [one] : [', ', one])),
  ...(count > shown.length ? [` and ${grouped(count - shown.length)} more`] : []),
];

/** Hundreds of prefixes tell a reader less than the first ones and that there are more. */
export function sourcesOf({ sources }: Change): string {
  if (sources.length <= 300) return sources;
  const cut = sources.slice(0, 300);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(', '), 100))}, and more`;
}

/** The wish, and the mappings that it doesn't name. */
export function whyOf({ reason, mappings }: Change): string {
  const words = new Set(reason.split(/[^\p{L}\p{N}_-]+/u));
  const unsaid = mappings.filter((name) => !words.has(name));
  const more = unsaid.length > 20 ? ` and ${grouped(unsaid.length - 20)} more` : '';
  return [reason, unsaid.length === 0 ? '' : `mapping ${unsaid.slice(0, 20).join(', ')}${more}`].filter((part) => part !== '').join('; ');
}

/** Lines that decide are few and decide much: each is told once, and then by its number. */
export class DecidingLines {
  private readonly told = new Set<string>();

  of({ lines }: Change): readonly Words[] {
    const key = ({ device, number, text }: Change['lines'][number]): string => JSON.stringify([device, number, text]);
    const fresh = lines.filter((line) => !this.told.has(key(line)));
    const known = lines.filter((line) => this.told.has(key(line)));
    for (const line of fresh) this.told.add(key(line));
    const above = gatheredBy(known, ({ device }) => [device]).map(
      ([first, ...more]) => `${first.device} line${more.length > 0 ? 's' : ''} ${[first, ...more].map(({ number }) => number).join(', ')}`,
    );
    return [
      ...fresh.map(({ device, number, text }) => [`${device} line ${number}: `, { exact: text }]),
      ...(above.length > 0 ? [`${above.join('; ')}, as above`] : []),
    ];
  }
}

/** From the internet first, otherwise as the review has them: the worst first. */
export const changesOf = (review: Review, kind: Change['kind']): readonly Change[] => {
  const ofKind = review.changes.filter((change) => change.kind === kind);
  return [...ofKind.filter(({ outside }) => outside), ...ofKind.filter(({ outside }) => !outside)];
};

/** Changes of one kind on the same addresses, seen from the same side, proven alike. */
export const blocksOf = (changes: readonly Change[]): readonly (readonly [Change, ...Change[]])[] =>
  gatheredBy(changes, (change) => [JSON.stringify(destinationsOf(change)), change.vantage, change.device, change.proof, change.evidence]);

/** What stands above a block of them. */
export const headingOf = (change: Change): Exclude<Words, string> => {
  const { vantage, device, proof, evidence } = change;
  return [...destinationsOf(change), ` from ${vantage} (${device}, ${proof}${evidence === 'own text' ? '' : `, ${evidence}`})`];
};

/** `tcp 3306 from anywhere, reaches 10.0.0.10 of web1`. */
export function outcomeOf(change: Change): string {
  const { kind, service, reaches, from, to } = change;
  const was = from === undefined && to === undefined ? '' : `: was ${from ?? '?'}, becomes ${to ?? '?'}`;
  const led = was === '' ? `, ${kind === 'closed' ? 'reached' : 'reaches'} ${reaches || 'several hosts'}` : '';
  return `${service} from ${sourcesOf(change)}${led}${was}`;
}

/** Devices that are told by the same words share them: a wave of servers is one paragraph. */
export const devicesAlike = (devices: readonly DeviceReview[]): readonly (readonly [DeviceReview, ...DeviceReview[]])[] =>
  gatheredBy(devices, ({ role, plan, action, before, evidence, sessions, delivery }) => [
    ...[role, plan, action, before, evidence, sessions, delivery],
  ]);

/** Servers of one profile often differ in the same lines. */
export const textsAlike = (devices: readonly DeviceReview[]): readonly (readonly [DeviceReview, ...DeviceReview[]])[] =>
  gatheredBy(
    devices.filter(({ textDiff }) => textDiff.length > 0),
    ({ textDiff }) => textDiff,
  );

/** The first fifty names tell a reader what the others are. */
export const namesOf = (devices: readonly DeviceReview[]): Exclude<Words, string> =>
  enumerated(
    devices.slice(0, 50).map(({ device, owner }) => ({ strong: `${device}/${owner}` })),
    devices.length,
  );

/** What the answers rest on, by how many devices. */
export function evidenceOf(devices: readonly DeviceReview[]): string {
  const groups = gatheredBy(devices, ({ evidence }) => [evidence]);
  if (groups.length === 1) return groups[0]![0].evidence;
  return groups.map((group) => `${group[0].evidence} of ${numbered(group.length, 'device')}`).join('; ');
}

/** `3 foreign resources change, 14 don't`; nothing where a plan has none. */
export function foreignOf({ foreignChanged, foreignUnchanged }: Review['plans'][number]): string {
  const changed =
    foreignChanged.length === 0
      ? ''
      : `${numbered(foreignChanged.length, 'foreign resource')} ${foreignChanged.length === 1 ? 'changes' : 'change'}`;
  if (foreignUnchanged === 0) return changed;
  return changed === ''
    ? `${numbered(foreignUnchanged, 'foreign resource')}, unchanged`
    : `${changed}, ${grouped(foreignUnchanged)} more stay as they are`;
}

/** The remarks of a review, each in the one place where it weighs most: lint that is objected to is an objection. */
export interface Remarks {
  readonly objections: readonly (Remark & { readonly page?: string })[];
  readonly unknown: readonly Remark[];
  /** By severity; acknowledged ones last. */
  readonly lint: readonly LintRemark[];
  readonly notes: readonly Remark[];
}

export function remarksOf(review: Review): Remarks {
  const pages = new Map(review.lint.map((finding) => [keyOf(finding), finding.page]));
  const said = new Set<string>();
  const once = <T extends Remark>(list: readonly T[]): readonly T[] =>
    list.filter((remark) => !said.has(keyOf(remark)) && said.add(keyOf(remark)));
  const objections = once(review.objections).map((remark) => {
    const page = pages.get(keyOf(remark));
    return page === undefined ? remark : { ...remark, page };
  });
  const unknown = once(review.unknown);
  const lint = once([...review.lint].sort((a, b) => weightOf(a) - weightOf(b)));
  return { objections, unknown, lint, notes: once(review.notes) };
}

const keyOf = ({ code, where, what }: Remark): string => JSON.stringify([code, where, what]);

const weightOf = ({ severity, acknowledged }: LintRemark): number =>
  ['error', 'warning', 'note'].indexOf(severity) + (acknowledged === undefined ? 0 : 3);

/** `2 opened, 1 closed; 3 devices`; what there is none of isn't counted. */
export function countsOf({ counts }: Review): string {
  const kinds = SECTIONS.filter(({ kind }) => counts[kind] > 0).map(({ kind, counted }) => `${grouped(counts[kind])} ${counted}`);
  return `${kinds.join(', ') || 'No port changes'}; ${numbered(counts.devices, 'device')}`;
}

/** `1 error, 2 warnings, 1 acknowledged`. */
export function lintCounts(lint: readonly LintRemark[]): string {
  const acknowledged = lint.filter((finding) => finding.acknowledged).length;
  const open = (['error', 'warning', 'note'] as const).flatMap((severity) => {
    const count = lint.filter((finding) => finding.severity === severity && !finding.acknowledged).length;
    return count === 0 ? [] : [numbered(count, severity)];
  });
  return [...open, ...(acknowledged === 0 ? [] : [`${grouped(acknowledged)} acknowledged`])].join(', ');
}

function gatheredBy<T>(items: readonly T[], key: (item: T) => readonly string[]): readonly (readonly [T, ...T[]])[] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const name = JSON.stringify(key(item));
    const group = groups.get(name);
    if (group) group.push(item);
    else groups.set(name, [item]);
  }
  return [...groups.values()];
}
