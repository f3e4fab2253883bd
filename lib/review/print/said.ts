import { groupBy } from '../../net/group-by';
import { ELSEWHERE, Item, Section, Tone, Words, codesOf, enumerated, grouped, numbered } from '../../report/document';
import { DEFAULT_ROUTE } from '../judging/default-route';
import { Change, DeviceReview, LintRemark, Objection, Remark, Review } from '../review';
import { SECTIONS, changeSections } from './changes';
import { settingSection } from './settings';
import { countOf, toldOf } from './told';

/** How much is told whole. Texts: lines of all devices, and of one. */
const MOST = { remarks: 25, lint: 100, names: 50, texts: 200, text: 60 };

/** What a review says, in the order in which it is read: what speaks against the change, what changes, then the rest. */
export function sectionsOf(review: Review): readonly Section[] {
  const { devices, policy } = review;
  const { objections, unknown, lint, notes: all } = remarksOf(review);
  const beside = all.filter(({ code }) => code === DEFAULT_ROUTE);
  const notes = all.filter((one) => !beside.includes(one));
  const fresh = lint.filter(isNewWarning);
  const rest = lint.filter((one) => !isNewWarning(one));
  return [
    { title: 'Objections', items: objections.map((one) => remarkItem(one, 'bad')), most: MOST.remarks, bytes: 25_000 },
    { title: 'Unknown', items: unknown.map((one) => remarkItem(one, 'unsure')), most: MOST.remarks, bytes: 12_000 },
    {
      title: ['Review rules that change, in ', { exact: policy?.name ?? '' }],
      items: (policy?.changed ?? []).map((words) => ({ words })),
    },
    { title: 'New warnings', items: fresh.map((one) => remarkItem(one, 'unsure')), most: MOST.lint, bytes: 12_000 },
    // Nobody who asks gets an answer until somebody does it: never folded.
    {
      title: 'To be done beside it',
      items: beside.map((one) => remarkItem(one, 'unsure')),
      most: MOST.remarks,
      bytes: 12_000,
    },
    ...changeSections(review),
    { title: 'Devices', folded: `Devices: ${grouped(devices.length)}`, items: deviceItems(devices) },
    settingSection(devices),
    { title: 'Lint', folded: `Lint: ${lintCounts(rest)}`, items: lintItems(rest), most: MOST.lint },
    {
      title: 'Notes',
      folded: `Notes: ${grouped(notes.length)}`,
      most: MOST.remarks,
      items: notes.map((one) => remarkItem(one, 'plain')),
    },
    { title: 'What this rests on', folded: 'What this rests on', items: groundItems(review) },
    textSection(devices),
  ];
}

function remarkItem(
  remark: Remark & { readonly page?: string; readonly written?: string; readonly reached?: string },
  tone: Tone,
  before = '',
  accepted = '',
): Item {
  const { code, where, what, instead, page = '', written = '', reached } = remark;
  return {
    words: [before, { strong: code }, where === '' ? '' : ` at ${where}`],
    tone,
    text: what,
    code,
    fields: [
      [
        'written',
        written === '' ? '' : [{ exact: written }, ...(reached === undefined ? [] : [', with ', { exact: reached }])],
      ],
      ['instead', instead],
      // A command finds it wherever the package is installed; a path only beside it.
      ['page', page === '' ? '' : [{ exact: `npx cpanel-edge explain ${code}` }]],
      ['accepted', accepted],
    ],
  };
}

/** What the change brings and nobody has acknowledged; an error of it is objected to. */
const isNewWarning = ({ severity, acknowledged, stood }: LintRemark): boolean =>
  severity === 'warning' && acknowledged === undefined && stood !== true;

/** What stood before the change is counted: who reviews it has nothing to decide by that. */
function lintItems(findings: readonly LintRemark[]): readonly Item[] {
  const isOld = ({ stood, acknowledged }: LintRemark): boolean => stood === true && acknowledged === undefined;
  const old = findings.filter(isOld);
  const counted: Item = {
    words: `${numbered(old.length, 'finding')} as before: ${codesOf(old).join(', ')}; ${ELSEWHERE}`,
  };
  return [...(old.length === 0 ? [] : [counted]), ...findings.filter((one) => !isOld(one)).map(lintItem)];
}

function lintItem(finding: LintRemark): Item {
  const { severity, acknowledged } = finding;
  if (!acknowledged) return remarkItem(finding, severity === 'error' ? 'bad' : 'plain', `${severity} `);
  return remarkItem(finding, 'plain', `${severity} `, `until ${acknowledged.expires}: ${acknowledged.reason}`);
}

/** Of what nobody touches there is nothing to say. */
function deviceItems(all: readonly DeviceReview[]): readonly Item[] {
  const told = new Map<string, string>();
  const isUntouched = ({ action }: DeviceReview): boolean => action === 'unchanged';
  const untouched = all.filter(isUntouched);
  const items = devicesAlike(all.filter((one) => !isUntouched(one))).map((alike): Item => {
    const [{ device, owner, role, plan, action, before, evidence, sessions, delivery }] = alike;
    const known = told.get(delivery);
    if (known === undefined) told.set(delivery, `${device}/${owner}`);
    return {
      words: [
        ...namesOf(alike),
        `: ${alike.length === 1 ? role : numbered(alike.length, role)} of plan ${plan}, ${action}`,
      ],
      fields: [
        ['before', before],
        ['sessions', sessions],
        ['delivery', known === undefined ? delivery : `as that of ${known}`],
        ['evidence', evidence === 'own text' ? '' : evidence],
      ],
    };
  });
  return untouched.length === 0 ? items : [...items, { words: [...namesOf(untouched), ': unchanged'] }];
}

function groundItems({ plans, devices, universe, policy }: Review): readonly Item[] {
  return [
    { words: universe },
    ...(devices.length > 0 ? [{ words: `evidence: ${evidenceOf(devices)}` }] : []),
    {
      words:
        policy === undefined
          ? [
              'no review rules were given: ',
              { exact: '--rules FILE' },
              ', or ',
              { exact: 'cpanel-edge.rules.json' },
              ' in the folder that the review is started in',
            ]
          : ['review rules ', { exact: policy.name }],
    },
    ...plans.map((plan): Item => {
      const foreign = foreignOf(plan);
      const left = plan.foreignChanged.length - MOST.names;
      return {
        words: `plan ${plan.name} by ${plan.madeBy}${foreign && `; ${foreign}`}`,
        below: [
          ...plan.foreignChanged.slice(0, MOST.names).map((address) => ({ words: [{ exact: address }] })),
          ...(left > 0 ? [{ words: `and ${grouped(left)} more; ${ELSEWHERE}` }] : []),
        ],
      };
    }),
    ...[...new Set(plans.flatMap(({ command = [] }) => command))].map((command) => ({
      words: ['delivered by ', { exact: command }, ' from the folder of the apply, or by what CPANEL_EDGE names there'],
    })),
  ];
}

function textSection(devices: readonly DeviceReview[]): Section {
  const items = textsAlike(devices).map((alike): Item => {
    const { textDiff } = alike[0];
    const left = textDiff.length - MOST.text;
    const own = textDiff.slice(0, MOST.text).map(indented);
    const lines = left > 0 ? [...own, `… at least ${numbered(left, 'more line')}`] : own;
    return { words: namesOf(alike), tone: 'title', lines };
  });
  let lines = 0;
  const most = items.filter(
    (item) => (lines += item.lines?.length ?? 0) - (item.lines?.length ?? 0) < MOST.texts,
  ).length;
  return { title: 'Text that changes', folded: 'Text that changes', items, most };
}

/** A configuration that begins its lines with tabs is read as one. */
const indented = (line: string): string =>
  line.replace(/^([-+ ]?)(\t+)/, (_, sign: string, tabs: string) => sign + '  '.repeat(tabs.length));

/** Devices that are told by the same words share them: a wave of servers is one paragraph. */
const devicesAlike = (devices: readonly DeviceReview[]): readonly (readonly [DeviceReview, ...DeviceReview[]])[] => [
  ...groupBy(devices, ({ role, plan, action, before, evidence, sessions, delivery }) =>
    JSON.stringify([role, plan, action, before, evidence, sessions, delivery]),
  ).values(),
];

/** Servers of one profile often differ in the same lines. */
const textsAlike = (devices: readonly DeviceReview[]): readonly (readonly [DeviceReview, ...DeviceReview[]])[] => {
  const changing = devices.filter(({ textDiff }) => textDiff.length > 0);
  return [...groupBy(changing, ({ textDiff }) => JSON.stringify(textDiff)).values()];
};

/** The first fifty names tell a reader what the others are. */
const namesOf = (devices: readonly DeviceReview[]): Exclude<Words, string> =>
  enumerated(
    devices.slice(0, 50).map(({ device, owner }) => ({ strong: `${device}/${owner}` })),
    devices.length,
  );

/** What the answers rest on, by how many devices. */
function evidenceOf(devices: readonly DeviceReview[]): string {
  const groups = [...groupBy(devices, ({ evidence }) => evidence)];
  return groups
    .map(([evidence, of]) => (groups.length === 1 ? evidence : `${evidence} of ${numbered(of.length, 'device')}`))
    .join('; ');
}

/** `3 foreign resources change, 14 don't`; nothing where a plan has none. */
function foreignOf({ foreignChanged, foreignUnchanged }: Review['plans'][number]): string {
  const changed =
    foreignChanged.length === 0
      ? ''
      : `${numbered(foreignChanged.length, 'foreign resource')} ${foreignChanged.length === 1 ? 'changes' : 'change'}`;
  if (foreignUnchanged === 0) return changed;
  return changed === ''
    ? `${numbered(foreignUnchanged, 'foreign resource')}, unchanged`
    : `${changed}, ${grouped(foreignUnchanged)} more stay as they are`;
}

/** The remarks of a review, each in the one place where it weighs most: lint that is objected to is an objection. The rest of it by severity. */
export function remarksOf(review: Review) {
  const pages = new Map(review.lint.map((finding) => [keyOf(finding), finding.page]));
  const said = new Set<string>();
  const once = <T extends Remark>(list: readonly T[]): readonly T[] =>
    list.filter((remark) => !said.has(keyOf(remark)) && said.add(keyOf(remark)));
  const objections = once(review.objections).map((remark): Objection & { readonly page?: string } => {
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

/** ` (10 to anybody, 3 to listed sources)`, where all of them are listed. */
function forWhom(opened: readonly Change[], count: number): string {
  if (opened.length < 2 || opened.length !== count) return '';
  const of = (isOne: (change: Change) => boolean): number => opened.filter(isOne).length;
  const isAnybodys = ({ sources }: Change): boolean => sources.startsWith('anywhere');
  const parts = [
    [of((one) => one.outside && isAnybodys(one)), 'to anybody'],
    [of((one) => one.outside && !isAnybodys(one)), 'to listed sources'],
    [of((one) => !one.outside), 'inside'],
  ] as const;
  return ` (${parts.flatMap(([count, whom]) => (count === 0 ? [] : [`${grouped(count)} ${whom}`])).join(', ')})`;
}

/** `2 rows opened, 1 closed; 3 of 5 devices`; what there is none of isn't counted. */
export function countsOf(review: Review): string {
  const { counts, unknown } = review;
  // Beside what is unknown nobody may take it for none.
  const isKnown = unknown.length === 0;
  const kinds = SECTIONS.filter(({ kind }) => counts[kind] > 0).map(({ kind, counted }, at) => {
    const told = toldOf(review, kind);
    const count = countOf(review, kind, told);
    return `${at === 0 ? numbered(count, 'row') : grouped(count)} ${counted}${kind === 'opened' ? forWhom(told, count) : ''}`;
  });
  const all = new Set(review.devices.map(({ device }) => device)).size;
  const touched =
    all > counts.devices
      ? `${grouped(counts.devices)} of ${numbered(all, 'device')}`
      : numbered(counts.devices, 'device');
  const devices = counts.devices === 0 && !isKnown ? 'no devices known' : touched;
  return `${kinds.join(', ') || (isKnown ? 'No port changes' : 'No port changes known')}; ${devices}`;
}

/** `1 error, 2 warnings, 1 acknowledged`. */
function lintCounts(lint: readonly LintRemark[]): string {
  const acknowledged = lint.filter((finding) => finding.acknowledged).length;
  const open = (['error', 'warning', 'note'] as const).flatMap((severity) => {
    const count = lint.filter((finding) => finding.severity === severity && !finding.acknowledged).length;
    return count === 0 ? [] : [numbered(count, severity)];
  });
  return [...open, ...(acknowledged === 0 ? [] : [`${grouped(acknowledged)} acknowledged`])].join(', ');
}
