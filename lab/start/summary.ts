// Formats the summary that `npm start` prints at the end: mappings, open services, differences between observed and
// computed reachability, and the files.
import { printNumber } from '../../lib/report/report-document';
import { wrapText } from '../../lib/report/wrap-text';
import { OpenGroup } from './open-services';

export const COLUMNS = 80;
/** Columns of the senders' names. */
const WHO = 32;

/** A public address, and the server that it is translated to. */
export interface MappingShown {
  readonly external: string;
  readonly internal: string;
  /** Empty if no server of the stack has the address. */
  readonly server: string;
  readonly gateway: string;
}

const MOST_MAPPINGS = 4;

/** Returns a line for each mapping: `internet ──▶ 203.0.113.10 ──▶ web1 10.0.0.10`. */
export function pictureLines(mappings: readonly MappingShown[]): readonly string[] {
  const shown = mappings.slice(0, MOST_MAPPINGS);
  const lines = shown.map(({ external, internal, server, gateway }) => {
    const host = [server, internal].filter((part) => part !== '').join(' ');
    return `  internet ──▶ ${external} ──▶ ${host}   (1:1 NAT on ${gateway})`;
  });
  const left = mappings.length - shown.length;
  return [...lines, ...(left > 0 ? [`  and ${printNumber(left)} more mappings`] : [])];
}

/** Returns a title for each group of addresses, and below it a wrapped row for each group of senders. */
export const openLines = (groups: readonly OpenGroup[]): readonly string[] =>
  groups.flatMap(({ title, rows }) => [
    ...wrapText(title, 0, 2, COLUMNS),
    ...rows.flatMap(({ who, services }) => besides(who, services.join(', '))),
  ]);

function besides(left: string, right: string): readonly string[] {
  const [first, second] = [wrapText(left, 2, 2, WHO), wrapText(right, 0, 0, COLUMNS - WHO - 1)];
  return Array.from({ length: Math.max(first.length, second.length) }, (_, at) =>
    `${(first[at] ?? '').padEnd(WHO)} ${second[at] ?? ''}`.trimEnd(),
  );
}

interface Asked {
  readonly tcp: number;
  readonly udp: number;
  readonly places: number;
  readonly addresses: number;
}

/** Results of the comparison. A run without a deployment has none. */
type Observed = Asked & { readonly answers: number; readonly different: readonly string[] };

/** Returns whether all observations equal the proof, and the number of questions. */
export function verdictLines({ tcp, udp, places, addresses, answers, different }: Observed): readonly string[] {
  const much = `Asked: ${printNumber(tcp + udp)} ports and ping, GRE, SCTP, from ${places} places to ${addresses} addresses.`;
  const verdict =
    different.length === 0
      ? '✓ Everything that was observed is what was proven; nothing else is open.'
      : `✗ ${printNumber(different.length)} of ${printNumber(answers)} answers differ from what was proven.`;
  return [verdict, ...wrapText(much, 2, 2, COLUMNS)];
}

/** Returns all differences. None is left out to keep the page short. */
export const differenceLines = ({ different, answers }: Observed): readonly string[] =>
  different.length === 0
    ? []
    : [
        `✗ ${printNumber(different.length)} of ${printNumber(answers)} answers DIFFER from what was proven:`,
        ...different.flatMap((text) => text.split('\n')),
      ];

interface Summary {
  readonly mappings: readonly MappingShown[];
  readonly open: readonly OpenGroup[];
  readonly observed?: Observed;
  /** Paths of the files, in one line. */
  readonly files: string;
  /** Number of lines for the summary. The proven part is cut first, because the report has all of it. */
  readonly room: number;
}

/** Returns the lines after the steps. */
export function summaryLines({ mappings, open, observed, files, room }: Summary): readonly string[] {
  const differences = observed ? differenceLines(observed) : [];
  const picture = pictureLines(mappings);
  const end = [...(observed ? ['', ...verdictLines(observed)] : []), '', files];
  const proven = openLines(open);
  const left = differences.length > 0 ? Infinity : room - picture.length - end.length - 2;
  const cut =
    proven.length > left
      ? [...proven.slice(0, left - 1), `  and ${printNumber(proven.length - left + 1)} more lines, in the report`]
      : proven;
  return [...(differences.length > 0 ? ['', ...differences] : []), '', ...picture, '', ...cut, ...end];
}

/** Returns the last line without a deployment: the missing thing, in one line of at most 80 columns. */
export function missingLine(what: readonly string[], instead: string): string {
  for (let shown = what.length; shown > 0; shown -= 1) {
    const more = what.length - shown;
    const names = [...what.slice(0, shown), ...(more > 0 ? [`${more} more`] : [])];
    const line = `Nothing was deployed: ${andList(names)} ${what.length === 1 ? 'is' : 'are'} missing; ${instead}`;
    if (line.length <= COLUMNS || shown === 1) return line;
  }
  return `Nothing was deployed; ${instead}`;
}

const andList = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
