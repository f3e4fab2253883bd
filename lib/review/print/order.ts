import { Change, DeviceReview, LintRemark, Remark, Review } from '../review';

/** What the changes of one kind are called where people read them, in the order in which they read. */
export const SECTIONS: readonly { readonly kind: Change['kind']; readonly title: string; readonly counted: string }[] = [
  { kind: 'unknown', title: 'Cannot be decided', counted: 'undecided' },
  { kind: 'opened', title: 'Opens', counted: 'opened' },
  { kind: 'moved', title: 'Leads elsewhere', counted: 'moved' },
  { kind: 'closed', title: 'Closes', counted: 'closed' },
  { kind: 'identity', title: 'Is seen as another source', counted: 'seen as another source' },
];

/** Changes of one kind on the same addresses, seen from the same side, proven alike. */
export interface Block {
  readonly destinations: string;
  readonly vantage: string;
  readonly device: string;
  readonly proof: Change['proof'];
  readonly evidence: Change['evidence'];
  readonly changes: readonly Change[];
}

export const destinationsOf = ({ destinations, destinationCount }: Change): string =>
  destinationCount > destinations.length
    ? `${destinations.join(', ')} and ${grouped(destinationCount - destinations.length)} more`
    : destinations.join(', ');

/** Hundreds of prefixes tell a reader less than the first ones and that there are more. */
export function sourcesOf({ sources }: Change): string {
  if (sources.length <= 300) return sources;
  const cut = sources.slice(0, 300);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(', '), 100))}, and more`;
}

/** From the internet first, otherwise as the review has them: the worst first. */
export const changesOf = (review: Review, kind: Change['kind']): readonly Change[] => {
  const ofKind = review.changes.filter((change) => change.kind === kind);
  return [...ofKind.filter(({ outside }) => outside), ...ofKind.filter(({ outside }) => !outside)];
};

export function blocksOf(changes: readonly Change[]): readonly Block[] {
  return gatheredBy(changes, (change) => [destinationsOf(change), change.vantage, change.device, change.proof, change.evidence]).map(
    ([first, ...more]) => ({
      destinations: destinationsOf(first),
      vantage: first.vantage,
      device: first.device,
      proof: first.proof,
      evidence: first.evidence,
      changes: [first, ...more],
    }),
  );
}

/** Devices that are told by the same words share them: a wave of servers is one paragraph. */
export const devicesAlike = (devices: readonly DeviceReview[]): readonly (readonly [DeviceReview, ...DeviceReview[]])[] =>
  gatheredBy(devices, ({ role, plan, action, before, evidence, sessions, delivery }) => [
    ...[role, plan, action, before, evidence, sessions, delivery],
  ]);

export const nameOf = ({ device, owner }: DeviceReview): string => `${device}/${owner}`;

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

/** `review/forbidden 12 times, lint/x once`: remarks that there is no room for. */
export function codesOf(remarks: readonly Remark[]): readonly string[] {
  const times = new Map<string, number>();
  for (const { code } of remarks) times.set(code, (times.get(code) ?? 0) + 1);
  return [...times].map(([code, count]) => (count === 1 ? code : `${code} (${grouped(count)} times)`));
}

/** `2 opened, 1 closed; 3 devices`; what there is none of isn't counted. */
export function countsOf({ counts }: Review): string {
  const kinds = SECTIONS.filter(({ kind }) => counts[kind] > 0).map(({ kind, counted }) => `${grouped(counts[kind])} ${counted}`);
  return `${kinds.join(', ') || 'No port changes'}; ${numbered(counts.devices, 'device')}`;
}

export const numbered = (count: number, thing: string): string => `${grouped(count)} ${thing}${count === 1 ? '' : 's'}`;

/** `10,000`. Not by the locale: the same review prints alike everywhere. */
export const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

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
