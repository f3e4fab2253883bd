import { Change, DeviceReview, Remark, Review } from '../review';
import { code, fenced, inline } from './escape';
import {
  Remarks,
  SECTIONS,
  blocksOf,
  changesOf,
  codesOf,
  countsOf,
  destinationsOf,
  devicesAlike,
  grouped,
  nameOf,
  numbered,
  remarksOf,
  sourcesOf,
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

/** Openings that are shown without unfolding anything. */
const MOST_SHOWN = 25;

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
      'changes of the rules',
    ),
  ];
}

function changeParts(review: Review): Part[] {
  return SECTIONS.flatMap(({ kind, title }) => {
    const changes = changesOf(review, kind);
    const name = `${title}: ${grouped(changes.length)}`;
    const heading = kind === 'moved' || kind === 'identity' ? ['Was', 'Becomes'] : [kind === 'closed' ? 'Reached' : 'Reaches'];
    const table = `| Address | From | Port | For | ${heading.join(' | ')} | Why |\n|---|---|---|---|${heading.map(() => '---|').join('')}---|\n`;
    const shown = kind === 'opened' || kind === 'unknown' ? MOST_SHOWN : 0;
    const what = `of “${title}”`;
    return [
      openPart(title, changes.slice(0, shown).map(rowOf), what, table),
      foldedPart(
        shown > 0 && changes.length > shown ? `${title}: ${grouped(changes.length - shown)} more` : name,
        changes.slice(shown).map(rowOf),
        what,
        table,
      ),
      foldedPart(
        `${title}: a packet of each, and the lines that decide it`,
        blocksOf(changes).flatMap(({ changes: alike, destinations, vantage, device, proof, evidence }) => [
          `- ${code(destinations)} from ${inline(vantage)} (${inline(device)}, ${proof}, ${evidence})\n`,
          ...alike.map(proofOf),
        ]),
        `packets ${what}`,
      ),
    ];
  });
}

function rowOf(change: Change): string {
  const { kind, vantage, outside, service, reaches, from, to, reason, mappings } = change;
  const leads = kind === 'moved' || kind === 'identity' ? [inline(from ?? ''), inline(to ?? '')] : [inline(reaches)];
  const why = [inline(reason), mappings.length > 0 ? `mapping ${inline(mappings.join(', '))}` : '']
    .filter((part) => part !== '')
    .join('<br>');
  const side = outside ? `🌐 ${inline(vantage)}` : inline(vantage);
  return `| ${[code(destinationsOf(change)), side, `**${code(service)}**`, inline(sourcesOf(change)), ...leads, why].join(' | ')} |\n`;
}

function proofOf({ service, witness, lines }: Change): string {
  const deciding = lines.map(({ device, number, text }) => `    - ${inline(device)} line ${number}: ${code(text)}\n`).join('');
  return `  - ${code(service)}: ${inline(witness)}\n${deciding}`;
}

function restParts(review: Review, { lint, notes }: Remarks): Part[] {
  const { devices, plans, universe, policy } = review;
  const groups = devicesAlike(devices);
  const texts = devices.filter(({ textDiff }) => textDiff.length > 0);
  return [
    foldedPart(`Devices: ${grouped(devices.length)}`, groups.map(deviceRow), 'devices'),
    foldedPart(
      `Lint: ${grouped(lint.length)}`,
      lint.map((finding) => {
        const { severity, page, acknowledged } = finding;
        const accepted = acknowledged ? `<br>accepted until ${inline(acknowledged.expires)}: ${inline(acknowledged.reason)}` : '';
        return `- ${severity} ${remarkText(finding)}<br>page: ${inline(page)}${accepted}\n`;
      }),
      'lint findings',
    ),
    foldedPart(
      `Notes: ${grouped(notes.length)}`,
      notes.map((note) => `- ${remarkText(note)}\n`),
      'notes',
    ),
    foldedPart(
      'What this rests on',
      [
        ...plans.flatMap(({ name, terraformVersion, foreignChanged, foreignUnchanged }) => [
          `- plan ${inline(name)} by Terraform ${inline(terraformVersion)}; ${numbered(foreignChanged.length, 'foreign resource')} change${foreignChanged.length === 1 ? 's' : ''}, ${grouped(foreignUnchanged)} not\n`,
          ...foreignChanged.map((address) => `  - ${code(address)}\n`),
        ]),
        `- ${policy === undefined ? 'no review rules were given' : `review rules ${inline(policy.name)}`}\n`,
        `- ${inline(universe)}\n`,
      ],
      'lines',
    ),
    foldedPart(
      'Text that changes',
      texts.map((device) => `\n${inline(nameOf(device))}\n\n${fenced(device.textDiff, 'diff')}\n`),
      'devices',
    ),
  ];
}

function deviceRow(alike: readonly [DeviceReview, ...DeviceReview[]]): string {
  const [{ role, plan, action, before, sessions, delivery, evidence }] = alike;
  const names = alike.slice(0, 50).map((device) => inline(nameOf(device)));
  const more = alike.length > names.length ? ` and ${grouped(alike.length - names.length)} more` : '';
  const what = alike.length === 1 ? role : numbered(alike.length, role);
  const fields = { before, sessions, delivery, evidence };
  const told = Object.entries(fields).filter(([, text]) => text !== '');
  return `- **${names.join(', ')}**${more}: ${what} of plan ${inline(plan)}, ${inline(action)}${told.map(([name, text]) => `<br>${name}: ${inline(text)}`).join('')}\n`;
}

function remarkText({ code: name, where, what, instead }: Remark): string {
  return `**${inline(name)}**${where === '' ? '' : ` at ${inline(where)}`}<br>${inline(what)}${instead === '' ? '' : `<br>*instead:* ${inline(instead)}`}`;
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
  };
}

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
  cut: (left, from) => `\n**${grouped(left.length)} ${from === 0 ? '' : 'more '}${what}** left out here: ${ALL}.\n`,
  most: 20_000,
});

const foldedPart = (summary: string, rows: readonly string[], what: string, table = ''): Part => ({
  before: `\n<details><summary>${summary}</summary>\n\n${table}`,
  rows,
  after: '\n</details>\n',
  cut: (left, from) => `\n**${grouped(left.length)} ${from === 0 ? '' : 'more '}${what}** left out here: ${ALL}.\n`,
  most: 20_000,
});
