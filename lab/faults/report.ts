// Prints the results of the fault tests, as a table for a terminal and as a Markdown page.

import { escapeForDisplay } from '../../lib/problems/problem';

/** The result of one combination of fault, step and device, over all its runs. */
export interface Row {
  readonly platform: string;
  readonly fault: string;
  readonly step: string;
  readonly device: string;
  /** Outcome of the last run; the sessions are that run's, too. */
  readonly outcome: string;
  /** Milliseconds of the longest outage. */
  readonly longestOutage: number;
  readonly sessions: string;
  /** Connections that were accepted although they must be denied. */
  readonly forbidden: number;
  readonly runs: number;
  readonly passed: number;
  readonly seconds: number;
}

/** Returns a row with one more run. */
export const counted = (before: Row | undefined, now: Row): Row =>
  before
    ? {
        ...now,
        longestOutage: Math.max(before.longestOutage, now.longestOutage),
        forbidden: before.forbidden + now.forbidden,
        runs: before.runs + now.runs,
        passed: before.passed + now.passed,
        seconds: before.seconds + now.seconds,
      }
    : now;

export const hasFailed = ({ runs, passed }: Row): boolean => passed < runs;

/** The machine on which a report was measured. */
export interface Measured {
  readonly kernel: string;
  readonly platform: string;
  /** Version of the platform's program on the devices. */
  readonly version: string;
  readonly terraform: string;
  readonly date: string;
  readonly cpus: number;
}

/** Outcomes quote devices and error messages of several lines. */
const plain = (text: string): string => escapeForDisplay(text.replace(/\s+/g, ' ').trim());

const milliseconds = (outage: number): string =>
  outage === 0 ? 'none' : outage < 1000 ? `${outage} ms` : `${(outage / 1000).toFixed(1)} s`;

const worst = (rows: readonly Row[]): number =>
  rows.reduce((most, { longestOutage }) => Math.max(most, longestOutage), 0);

const sum = (rows: readonly Row[], of: (row: Row) => number): number => rows.reduce((all, row) => all + of(row), 0);

const runsOf = (rows: readonly Row[]): number => sum(rows, ({ runs }) => runs);
const passedOf = (rows: readonly Row[]): number => sum(rows, ({ passed }) => passed);

/** Groups rows by fault, in the order of their first occurrence. */
function byFault(rows: readonly Row[]): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.fault);
    if (group) group.push(row);
    else groups.set(row.fault, [row]);
  }
  return groups;
}

/** Prints a line for each row and a total, for a terminal. */
export function printTable(rows: readonly Row[]): string {
  const head = [
    '',
    'platform',
    'fault',
    'step',
    'device',
    'runs',
    'outage',
    'sessions',
    'forbidden',
    'time',
    'outcome',
  ];
  const lines = rows.map((row) => [
    hasFailed(row) ? 'FAILED' : 'ok',
    row.platform,
    row.fault,
    row.step,
    row.device,
    String(row.runs),
    milliseconds(row.longestOutage),
    row.sessions,
    String(row.forbidden),
    `${row.seconds.toFixed(1)} s`,
    row.outcome,
  ]);
  const cells = [head, ...lines].map((line) => line.map(plain));
  const widths = head.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  // The last column is the longest, and no column follows that it could move.
  const printed = cells.map((line) =>
    line.map((cell, column) => (column === head.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))),
  );
  return [...printed.map((line) => line.join('  ').trimEnd()), '', summary(rows)].join('\n');
}

function summary(rows: readonly Row[]): string {
  const forbidden = sum(rows, (row) => row.forbidden);
  const failed = runsOf(rows) - passedOf(rows);
  return [
    `${runsOf(rows)} runs of ${rows.length} combinations: ${passedOf(rows)} passed${failed > 0 ? `, ${failed} FAILED` : ''}`,
    `worst outage ${milliseconds(worst(rows))}`,
    `${forbidden} forbidden connections`,
    `${Math.ceil(sum(rows, ({ seconds }) => seconds) / 60)} min of work`,
  ].join('; ');
}

const cell = (text: string): string =>
  plain(text).replace(/[\\|`*_<>[\]]/g, (mark) => (mark === '<' ? '&lt;' : `\\${mark}`)) || ' ';

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows.map((row) => row.map(cell))].map((row) => `| ${row.join(' | ')} |`).join('\n');

/** Prints a Markdown page: the totals, a table of faults, and for each fault a table of its combinations. */
export function printReport(
  rows: readonly Row[],
  { kernel, platform, version, terraform, date, cpus }: Measured,
): string {
  const groups = [...byFault(rows)];
  const kinds = table(
    ['fault', 'combinations', 'runs', 'passed', 'worst outage', 'forbidden connections'],
    groups.map(([fault, of]) => [
      fault,
      String(of.length),
      String(runsOf(of)),
      String(passedOf(of)),
      milliseconds(worst(of)),
      String(sum(of, ({ forbidden }) => forbidden)),
    ]),
  );
  return [
    `# Faults on ${plain(platform)}`,
    `${summary(rows)}.`,
    `Measured on ${plain(date)}: Linux ${plain(kernel)}, ${plain(version)}, Terraform ${plain(terraform)}, ${cpus} processors.`,
    kinds,
    ...groups.flatMap(([fault, of]) => [
      `### ${cell(fault)}`,
      table(
        ['step', 'device', 'runs', 'outcome', 'longest outage', 'sessions'],
        of.map((row) => [
          row.step,
          row.device,
          String(row.runs),
          outcomeOf(row),
          milliseconds(row.longestOutage),
          row.sessions,
        ]),
      ),
    ]),
  ]
    .join('\n\n')
    .concat('\n');
}

/** Returns the outcome of a row. A failure and forbidden connections come first, so that they aren't overlooked. */
const outcomeOf = (row: Row): string =>
  [
    ...(hasFailed(row) ? ['FAILED'] : []),
    ...(row.forbidden > 0 ? [`${row.forbidden} forbidden connections`] : []),
    row.outcome,
  ].join(': ');
