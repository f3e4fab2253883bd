import { Change, DeviceReview, LintRemark, Remark, Review } from '../review';
import { code, fenced, inline } from '../../printing/escape';
import {
  DecidingLines,
  Remarks,
  SECTIONS,
  blocksOf,
  changesOf,
  codesOf,
  countsOf,
  destinationsOf,
  devicesAlike,
  diffOf,
  evidenceOf,
  foreignOf,
  grouped,
  headingOf,
  lintCounts,
  namesOf,
  numbered,
  remarksOf,
  sourcesOf,
  textsAlike,
  whyOf,
} from './order';
import { Part, fitted, utf8Length } from '../../printing/room';

/** The first line of every review in a pull request. A pipeline renews the comment of its own that starts with it. */
export const MARKER = '<!-- cpanel-edge review -->';

/** Bytes of UTF-8. GitHub says 65,536 characters. */
const MOST_BYTES = 65_000;

const ALL = 'the JSON output of this review has all of it';

const SIGNS: Readonly<Record<Review['verdict'], string>> = {
  'nothing to object to': '✅ Nothing to object to',
  warnings: '⚠️ New warnings',
  objections: '❌ Objections',
  unknown: '⚠️ Unknown',
};

/** Remarks and openings, each, that are shown without unfolding anything. */
const MOST_SHOWN = 25;

/** Bytes of one part, and how many rows at most go into them. */
const MOST_PART = 20_000;
const MOST_ROWS = 1_000;

/** Lines of one device's text. */
const MOST_LINES = 60;

/** A review as a comment on a pull request: the verdict, objections and openings open, everything else folded. */
export function printMarkdown(review: Review): string {
  const remarks = remarksOf(review);
  const head = `${MARKER}\n## ${SIGNS[review.verdict]}: ${inline(review.headline)}\n\n${countsOf(review)}\n`;
  return (
    head + fitted([...verdictParts(review, remarks), ...changeParts(review), ...restParts(review, remarks)], MOST_BYTES - utf8Length(head))
  );
}

function verdictParts({ policy }: Review, { objections, unknown }: Remarks): Part[] {
  const rules = 'Review rules that change';
  return [
    remarkPart('Objections', objections, 25_000),
    remarkPart('Unknown', unknown, 12_000),
    openPart(rules, policy?.changed ?? [], (line) => `- ${inline(line)}\n`, `### ${rules}, in ${code(policy?.name ?? '')}\n\n`),
  ];
}

/** Of these the first ones are open, since each lets somebody reach something new. */
const OPEN: readonly Change['kind'][] = ['unknown', 'opened', 'moved'];

function changeParts(review: Review): Part[] {
  const parts = SECTIONS.flatMap(({ kind, title }) => {
    const changes = changesOf(review, kind);
    const heading = kind === 'moved' || kind === 'identity' ? ['Was', 'Becomes'] : [kind === 'closed' ? 'Reached' : 'Reaches'];
    const columns = ['Port', 'Address', 'Side', 'From', ...heading, 'Why'];
    const table = `| ${columns.join(' | ')} |\n|${columns.map(() => '---|').join('')}\n`;
    const shown = OPEN.includes(kind) ? MOST_SHOWN : 0;
    const more = `${title}: ${grouped(changes.length - shown)}${shown > 0 ? ' more' : ''}`;
    return [
      openPart(title, changes.slice(0, shown), rowOf, `### ${title}\n\n${table}`),
      foldedPart(title, changes.slice(shown), rowOf, more, table),
    ];
  });
  const inOrder = SECTIONS.flatMap(({ kind }) => changesOf(review, kind));
  const made = proofRows(inOrder.slice(0, MOST_ROWS));
  const proofs = inOrder.map((_, i) => made[i] ?? '');
  const packets = 'A packet of each change';
  return [...parts, foldedPart(packets, proofs, (row) => row, `${packets}, and the lines that decide it`)];
}

function rowOf(change: Change): string {
  const { kind, proof, device, vantage, outside, service, reaches, from, to } = change;
  const leads = kind === 'moved' || kind === 'identity' ? [inline(from ?? ''), inline(to ?? '')] : [inline(reaches || 'several hosts')];
  const side = `${outside ? '🌐 ' : ''}${inline(vantage)}${proof === 'one device' ? `<br>${inline(device)} alone` : ''}`;
  // A port that is torn from its protocol is hard to find in a table.
  const port = service.length > 24 || service.includes('`') ? code(service) : code(service).replaceAll(' ', '\u00a0');
  const cells = [bold(port), destinationsOf(change, code), side, inline(sourcesOf(change)), ...leads, inline(whyOf(change))];
  return `| ${cells.join(' | ')} |\n`;
}

function proofRows(changes: readonly Change[]): readonly string[] {
  const deciding = new DecidingLines();
  return SECTIONS.flatMap(({ kind, title }) =>
    blocksOf(changes.filter((change) => change.kind === kind)).flatMap((alike) =>
      alike.map((change, i) => {
        const heading = `- ${title}: ${headingOf(change, code, inline)}\n`;
        const { fresh, above } = deciding.of(change);
        const lines = fresh.map(({ device: on, number, text }) => `    - ${inline(on)} line ${number}: ${code(text)}\n`);
        const known = above === '' ? '' : `    - ${inline(above)}\n`;
        return `${i === 0 ? heading : ''}  - ${code(change.service)}: ${inline(change.witness)}\n${lines.join('')}${known}`;
      }),
    ),
  );
}

function restParts(review: Review, { lint, notes }: Remarks): Part[] {
  const { devices } = review;
  return [
    foldedPart('Devices', devicesAlike(devices), deviceRow, `Devices: ${grouped(devices.length)}`),
    foldedPart('Lint', lint, lintRow, `Lint: ${lintCounts(lint)}`),
    foldedPart('Notes', notes, (note) => `- ${remarkText(note)}\n`, `Notes: ${grouped(notes.length)}`),
    foldedPart('What this rests on', groundRows(review), (row) => row),
    foldedPart('Text that changes', textsAlike(devices), textRow),
  ];
}

function deviceRow(alike: readonly [DeviceReview, ...DeviceReview[]]): string {
  const [{ role, plan, action, before, sessions, delivery }] = alike;
  const what = alike.length === 1 ? role : numbered(alike.length, role);
  const told = Object.entries({ before, sessions, delivery }).filter(([, text]) => text !== '');
  return `- ${namesOf(alike, (name) => bold(inline(name)))}: ${what} of plan ${inline(plan)}, ${inline(action)}${told.map(([name, text]) => `<br>${name}: ${inline(text)}`).join('')}\n`;
}

function lintRow(finding: LintRemark): string {
  const { severity, page, acknowledged } = finding;
  const accepted = acknowledged ? `<br>accepted until ${inline(acknowledged.expires)}: ${inline(acknowledged.reason)}` : '';
  return `- ${severity} ${remarkText(finding)}<br>page: ${inline(page)}${accepted}\n`;
}

function groundRows({ plans, policy, universe, devices }: Review): readonly string[] {
  return [
    `- ${inline(universe)}\n`,
    ...(devices.length > 0 ? [`- evidence: ${evidenceOf(devices)}\n`] : []),
    `- ${policy === undefined ? 'no review rules were given' : `review rules ${inline(policy.name)}`}\n`,
    ...plans.flatMap((plan) => {
      const foreign = foreignOf(plan);
      const line = `- plan ${inline(plan.name)} by Terraform ${inline(plan.terraformVersion)}${foreign && `; ${foreign}`}\n`;
      return [line, ...plan.foreignChanged.map((address) => `  - ${code(address)}\n`)];
    }),
  ];
}

const textRow = (alike: readonly [DeviceReview, ...DeviceReview[]]): string =>
  `Text of ${namesOf(alike, inline)}\n\n${fenced(diffOf(alike[0], MOST_LINES), 'diff')}\n\n`;

function remarkText({ code: name, where, what, instead }: Remark): string {
  return `${bold(inline(name))}${where === '' ? '' : ` at ${inline(where)}`}<br>${inline(what)}${instead === '' ? '' : `<br>*instead:* ${inline(instead)}`}`;
}

function remarkPart(title: string, remarks: readonly (Remark & { readonly page?: string })[], most: number): Part {
  const row = (remark: Remark & { readonly page?: string }): string =>
    `- ${remarkText(remark)}${remark.page === undefined ? '' : `<br>page: ${inline(remark.page)}`}\n`;
  return {
    before: `\n### ${title}\n\n`,
    rows: remarks.slice(0, MOST_SHOWN).map(row),
    after: '',
    total: remarks.length,
    cut: (shown) => {
      const rest = remarks.slice(shown);
      return `\n**${title}: ${grouped(rest.length)} ${shown === 0 ? '' : 'more '}without details** (${ALL}): ${listed(codesOf(rest))}\n`;
    },
    most,
  };
}

const bold = (text: string): string => text && `**${text}**`;

/** Codes are ours, short and few; if they are not, there is an end to them nevertheless. */
function listed(codes: readonly string[]): string {
  let bytes = 0;
  const shown = codes.map(inline).filter((text) => (bytes += utf8Length(text) + 2) < 12_000);
  return shown.join(', ') + (shown.length < codes.length ? `, and ${grouped(codes.length - shown.length)} other codes` : '');
}

const openPart = <T>(name: string, items: readonly T[], row: (item: T) => string, before: string): Part => ({
  before: `\n${before}`,
  rows: items.slice(0, MOST_ROWS).map(row),
  after: '',
  total: items.length,
  cut: (shown) => leftOut(name, items.length - shown, shown),
  most: MOST_PART,
});

const foldedPart = <T>(name: string, items: readonly T[], row: (item: T) => string, summary = name, table = ''): Part => ({
  ...openPart(name, items, row, `<details><summary>${summary}</summary>\n\n${table}`),
  after: '\n</details>\n',
});

const leftOut = (name: string, left: number, shown: number): string =>
  `\n**${grouped(left)} ${shown === 0 ? '' : 'more '}of “${name}”** left out here: ${ALL}.\n`;
