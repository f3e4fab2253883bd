import { ELSEWHERE, Item, Section, Words, grouped, numbered } from '../../printing/document';
import { Change, DeviceReview, LintRemark, Remark, Review } from '../review';
import {
  DecidingLines,
  SECTIONS,
  blocksOf,
  changesOf,
  destinationsOf,
  devicesAlike,
  evidenceOf,
  foreignOf,
  headingOf,
  lintCounts,
  namesOf,
  outcomeOf,
  remarksOf,
  sourcesOf,
  textsAlike,
  whyOf,
} from './order';

/**
 * How much is told whole, of each section. Past it changes have a line each, on a page a row, and then all are counted. Texts: lines of all
 * devices and of one.
 */
const MOST = { remarks: 25, lint: 100, whole: 25, lines: 500, rows: 1_000, names: 50, texts: 200, text: 60 };

/** What a review says, in the order in which it is read: what speaks against the change, what changes, then the rest. */
export function sectionsOf(review: Review): readonly Section[] {
  const { devices, policy } = review;
  const { objections, unknown, lint, notes } = remarksOf(review);
  const deciding = new DecidingLines();
  return [
    { title: 'Objections', items: objections.map((one) => remarkItem(one, 'bad')), most: MOST.remarks, bytes: 25_000 },
    { title: 'Unknown', items: unknown.map((one) => remarkItem(one, 'unsure')), most: MOST.remarks, bytes: 12_000 },
    {
      title: ['Review rules that change, in ', { exact: policy?.name ?? '' }],
      items: (policy?.changed ?? []).map((words) => ({ words })),
    },
    ...SECTIONS.map(({ kind, title }) => changeSection(title, kind, changesOf(review, kind), deciding)),
    proofSection(review),
    { title: 'Devices', folded: `Devices: ${grouped(devices.length)}`, items: deviceItems(devices) },
    { title: 'Lint', folded: `Lint: ${lintCounts(lint)}`, items: lint.map(lintItem), most: MOST.lint },
    {
      ...{ title: 'Notes', folded: `Notes: ${grouped(notes.length)}`, most: MOST.remarks },
      items: notes.map((one) => remarkItem(one, 'plain')),
    },
    { title: 'What this rests on', folded: 'What this rests on', items: groundItems(review) },
    textSection(devices),
  ];
}

function remarkItem(remark: Remark & { readonly page?: string }, tone: Item['tone'], before = ''): Item {
  const { code, where, what, instead, page = '' } = remark;
  const words: Words = [before, { strong: code }, where === '' ? '' : ` at ${where}`];
  return {
    words,
    tone: tone ?? 'plain',
    text: what,
    fields: [
      ['instead', instead],
      ['page', page],
    ],
    code,
  };
}

function lintItem(finding: LintRemark): Item {
  const { severity, acknowledged } = finding;
  const item = remarkItem(finding, severity === 'error' && !acknowledged ? 'bad' : 'plain', `${severity} `);
  const accepted = acknowledged ? `until ${acknowledged.expires}: ${acknowledged.reason}` : '';
  return { ...item, fields: [...(item.fields ?? []), ['accepted', accepted]] };
}

/** On a page the first ones of these stand open, since each lets somebody reach something new. */
const OPEN: readonly Change['kind'][] = ['unknown', 'opened', 'moved'];

function changeSection(title: string, kind: Change['kind'], changes: readonly Change[], deciding: DecidingLines): Section {
  const brief = changes.slice(MOST.whole, MOST.lines);
  const inBrief: Item = {
    words: `${grouped(brief.length)} more, in brief`,
    tone: 'title',
    below: brief.map((change) => ({
      words: [...destinationsOf(change), ` from ${change.vantage}: ${outcomeOf(change)}`],
      tone: toneOf(change),
    })),
  };
  const leads = kind === 'moved' || kind === 'identity' ? ['Was', 'Becomes'] : [kind === 'closed' ? 'Reached' : 'Reaches'];
  return {
    ...{ title, folded: title },
    items: [...blocksOf(changes.slice(0, MOST.whole)).map((block) => blockItem(block, deciding)), ...(brief.length > 0 ? [inBrief] : [])],
    left: Math.max(0, changes.length - MOST.lines),
    table: {
      columns: ['Port', 'Address', 'Side', 'From', ...leads, 'Why'],
      rows: changes.slice(0, MOST.rows).map(rowOf),
      left: Math.max(0, changes.length - MOST.rows),
      open: OPEN.includes(kind) ? MOST.whole : 0,
    },
  };
}

function blockItem(block: readonly [Change, ...Change[]], deciding: DecidingLines): Item {
  const why = whyOf(block[0]);
  // One reason for several is told once.
  const isOne = block.length > 1 && block.every((change) => whyOf(change) === why);
  return {
    ...{ words: headingOf(block[0]), tone: 'title' },
    fields: isOne ? [['why', why]] : [],
    below: block.map((change) => ({
      ...{ words: outcomeOf(change), tone: toneOf(change) },
      fields: [
        ['why', isOne ? '' : whyOf(change)],
        ['packet', change.witness],
        ...deciding.of(change).map((words) => ['decided by', words] as const),
      ],
    })),
  };
}

const toneOf = ({ kind, outside }: Change): Item['tone'] & string =>
  kind === 'unknown' ? 'unsure' : kind === 'opened' && outside ? 'bad' : kind === 'closed' ? 'good' : 'plain';

function rowOf(change: Change): readonly Words[] {
  const { kind, proof, device, vantage, outside, service, reaches, from, to } = change;
  return [
    [{ exact: service, strong: true }],
    destinationsOf(change),
    [
      ...(outside ? [{ sign: '🌐 ' } as const] : []),
      vantage,
      ...(proof === 'one device' ? [{ sign: '\n' } as const, `${device} alone`] : []),
    ],
    sourcesOf(change),
    ...(kind === 'moved' || kind === 'identity' ? [from ?? '', to ?? ''] : [reaches || 'several hosts']),
    whyOf(change),
  ];
}

function proofSection(review: Review): Section {
  const deciding = new DecidingLines();
  const title = 'A packet of each change, and the lines that decide it';
  const all = SECTIONS.flatMap((section) => changesOf(review, section.kind).map((change) => ({ change, section })));
  const told = all.slice(0, MOST.rows);
  const items = SECTIONS.flatMap((section) =>
    blocksOf(told.flatMap(({ change, section: of }) => (of === section ? [change] : []))).map((block) => ({
      words: [`${section.title}: `, ...headingOf(block[0])],
      below: block.map((change) => ({
        words: [{ exact: change.service }, `: ${change.witness}`],
        below: deciding.of(change).map((words) => ({ words })),
      })),
    })),
  );
  return { title, folded: title, items, left: all.length - told.length, beside: true };
}

function deviceItems(devices: readonly DeviceReview[]): readonly Item[] {
  const told = new Map<string, string>();
  return devicesAlike(devices).map((alike) => {
    const [{ device, owner, role, plan, action, before, evidence, sessions, delivery }] = alike;
    const known = told.get(delivery);
    if (known === undefined) told.set(delivery, `${device}/${owner}`);
    return {
      words: [...namesOf(alike), `: ${alike.length === 1 ? role : numbered(alike.length, role)} of plan ${plan}, ${action}`],
      fields: [
        ['before', before],
        ['sessions', sessions],
        ['delivery', delivery === '' || known === undefined ? delivery : `as of ${known}`],
        ['evidence', evidence === 'own text' ? '' : evidence],
      ],
    };
  });
}

function groundItems({ plans, devices, universe, policy }: Review): readonly Item[] {
  return [
    { words: universe },
    ...(devices.length > 0 ? [{ words: `evidence: ${evidenceOf(devices)}` }] : []),
    { words: policy === undefined ? 'no review rules were given' : ['review rules ', { exact: policy.name }] },
    ...plans.map((plan): Item => {
      const foreign = foreignOf(plan);
      const left = plan.foreignChanged.length - MOST.names;
      return {
        words: `plan ${plan.name} by Terraform ${plan.terraformVersion}${foreign && `; ${foreign}`}`,
        below: [
          ...plan.foreignChanged.slice(0, MOST.names).map((address) => ({ words: [{ exact: address }] })),
          ...(left > 0 ? [{ words: `and ${grouped(left)} more; ${ELSEWHERE}` }] : []),
        ],
      };
    }),
  ];
}

function textSection(devices: readonly DeviceReview[]): Section {
  const items = textsAlike(devices).map((alike): Item => {
    const { textDiff } = alike[0];
    const left = textDiff.length - MOST.text;
    const lines = left > 0 ? [...textDiff.slice(0, MOST.text), `… at least ${numbered(left, 'more line')}`] : textDiff;
    return { words: namesOf(alike), tone: 'title', lines };
  });
  let lines = 0;
  const most = items.filter((item) => (lines += item.lines?.length ?? 0) - (item.lines?.length ?? 0) < MOST.texts).length;
  return { title: 'Text that changes', folded: 'Text that changes', items, most };
}
