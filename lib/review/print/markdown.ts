import { Change, DeviceReview, LintRemark, Remark, Review } from '../review';
import { code, fenced, inline } from './escape';
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
  namesOf,
  numbered,
  remarksOf,
  sourcesOf,
  textsAlike,
  whyOf,
} from './order';
import { Part, fitted, utf8Length } from './room';

/** The first line of every review in a pull request. A pipeline renews the comment of its own that starts with it. */
export const MARKER = '<!-- cpanel-edge review -->';

/** Bytes of UTF-8. GitHub says 65,536 characters. */
const MOST_BYTES = 65_000;

const ALL = 'the JSON output of this review has all of it';

const SIGNS: Readonly<Record<Review['verdict'], string>> = {
  'nothing to object to': '✅ Nothing to object to',
  objections: '❌ Objections',
  unknown: '⚠️ Unknown',
};

/** Remarks and openings, each, that are shown without unfolding anything. */
const MOST_SHOWN = 25;

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
  return [
    remarkPart('Objections', objections, 25_000),
    remarkPart('Unknown', unknown, 12_000),
    openPart(
      `Review rules that change, in ${code(policy?.name ?? '')}`,
      (policy?.changed ?? []).map((line) => `- ${inline(line)}\n`),
      'Review rules that change',
    ),
  ];
}

/** Of these the first ones are open, since each lets somebody reach something new. */
const OPEN: readonly Change['kind'][] = ['unknown', 'opened', 'moved'];

function changeParts(review: Review): Part[] {
  const parts = SECTIONS.flatMap(({ kind, title }) => {
    const changes = changesOf(review, kind);
    const rows = changes.map(rowOf);
    const heading = kind === 'moved' || kind === 'identity' ? ['Was', 'Becomes'] : [kind === 'closed' ? 'Reached' : 'Reaches'];
    const columns = ['Port', 'Address', 'Side', 'From', ...heading, 'Why'];
    const table = `| ${columns.join(' | ')} |\n|${columns.map(() => '---|').join('')}\n`;
    const shown = OPEN.includes(kind) ? MOST_SHOWN : 0;
    const more = `${title}: ${grouped(changes.length - shown)}${shown > 0 ? ' more' : ''}`;
    return [openPart(title, rows.slice(0, shown), title, table), foldedPart(more, rows.slice(shown), title, table)];
  });
  return [...parts, foldedPart('A packet of each change, and the lines that decide it', proofs(review), 'A packet of each change')];
}

function rowOf(change: Change): string {
  const { kind, vantage, outside, service, reaches, from, to } = change;
  const leads = kind === 'moved' || kind === 'identity' ? [inline(from ?? ''), inline(to ?? '')] : [inline(reaches || 'several hosts')];
  const side = outside ? `🌐 ${inline(vantage)}` : inline(vantage);
  // A port that is torn from its protocol is hard to find in a table.
  const port = service.length > 24 || service.includes('`') ? code(service) : code(service).replaceAll(' ', '\u00a0');
  const cells = [bold(port), destinationsOf(change, code), side, inline(sourcesOf(change)), ...leads, inline(whyOf(change))];
  return `| ${cells.join(' | ')} |\n`;
}

function proofs(review: Review): readonly string[] {
  const deciding = new DecidingLines();
  return SECTIONS.flatMap(({ kind, title }) =>
    blocksOf(changesOf(review, kind)).flatMap(({ changes, vantage, device, proof, evidence }) =>
      changes.map((change, i) => {
        const heading = `- ${title}: ${destinationsOf(changes[0]!, code)} from ${inline(vantage)} (${inline(device)}, ${proof}${evidence === 'own text' ? '' : `, ${evidence}`})\n`;
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
  const acknowledged = lint.filter((finding) => finding.acknowledged).length;
  return [
    foldedPart(`Devices: ${grouped(devices.length)}`, devicesAlike(devices).map(deviceRow), 'Devices'),
    foldedPart(`Lint: ${numbered(lint.length, 'finding')}, ${grouped(acknowledged)} acknowledged`, lint.map(lintRow), 'Lint'),
    foldedPart(
      `Notes: ${grouped(notes.length)}`,
      notes.map((note) => `- ${remarkText(note)}\n`),
      'notes',
    ),
    foldedPart('What this rests on', groundRows(review), 'What this rests on'),
    foldedPart('Text that changes', textsAlike(devices).map(textRow), 'Text that changes'),
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
    `- proven for ${inline(universe)}\n`,
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
  return {
    before: `\n### ${title}\n\n`,
    rows: remarks.map((remark) => `- ${remarkText(remark)}${remark.page === undefined ? '' : `<br>page: ${inline(remark.page)}`}\n`),
    after: '',
    cut: (_, from) => {
      const rest = remarks.slice(from);
      return `\n**${title}: ${grouped(rest.length)} ${from === 0 ? '' : 'more '}without details** (${ALL}): ${listed(codesOf(rest))}\n`;
    },
    most,
    mostRows: MOST_SHOWN,
  };
}

const bold = (text: string): string => text && `**${text}**`;

/** Codes are ours, short and few; if they are not, there is an end to them nevertheless. */
function listed(codes: readonly string[]): string {
  let bytes = 0;
  const shown = codes.map(inline).filter((text) => (bytes += utf8Length(text) + 2) < 12_000);
  return shown.join(', ') + (shown.length < codes.length ? `, and ${grouped(codes.length - shown.length)} other codes` : '');
}

const openPart = (title: string, rows: readonly string[], what: string, table = ''): Part => ({
  before: `\n### ${title}\n\n${table}`,
  rows,
  after: '',
  cut: (left, from) => `\n**${grouped(left.length)} ${from === 0 ? '' : 'more '}of “${what}”** left out here: ${ALL}.\n`,
  most: 20_000,
});

const foldedPart = (summary: string, rows: readonly string[], what: string, table = ''): Part => ({
  before: `\n<details><summary>${summary}</summary>\n\n${table}`,
  rows,
  after: '\n</details>\n',
  cut: (left, from) => `\n**${grouped(left.length)} ${from === 0 ? '' : 'more '}of “${what}”** left out here: ${ALL}.\n`,
  most: 20_000,
});
