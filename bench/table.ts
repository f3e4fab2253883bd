// Prints the results of the benchmarks as a Markdown table.

/** The measurements of one row: seconds (or µs) and MiB of each run, or why there are none. */
export interface Result {
  readonly label: string;
  readonly unit: 's' | 'µs';
  readonly budget: number | undefined;
  readonly peakBudget: number | undefined;
  readonly values: readonly number[];
  /** Seconds of processor time, which other jobs on the machine affect less. */
  readonly cpus: readonly number[];
  readonly peaks: readonly number[];
  readonly why: string;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

const shown = (value: number, unit: string): string => (unit === 's' ? value.toFixed(3) : value.toFixed(1));

function cells({ label, unit, budget, peakBudget, values, cpus, peaks, why }: Result): string[] {
  const budgets = [budget === undefined ? '' : `${budget} ${unit}`, peakBudget === undefined ? '' : `${peakBudget} MiB`]
    .filter((part) => part !== '')
    .join(', ');
  if (values.length === 0) return [label, budgets, why, '', '', '', '', ''];
  const took = median(values);
  const peak = peaks.length > 0 ? median(peaks) : 0;
  const over = (budget !== undefined && took > budget) || (peakBudget !== undefined && peak > peakBudget);
  const verdict = budget === undefined && peakBudget === undefined ? '' : over ? 'OVER' : 'within';
  const extremes = [Math.min(...values), Math.max(...values)].map((value) => shown(value, unit));
  return [
    label,
    budgets,
    `${shown(took, unit)} ${unit}`,
    extremes.join(' to '),
    cpus.length > 0 ? `${shown(median(cpus), 's')} s` : '',
    peak > 0 ? `${peak.toFixed(0)} MiB` : '',
    String(values.length),
    verdict,
  ];
}

const HEAD = ['row', 'budget', 'median', 'from to', 'processor', 'peak memory', 'runs', ''];

/** Returns a Markdown table with padded cells, readable as plain text. */
export function table(title: string, results: readonly Result[]): string {
  const rows = [HEAD, ...results.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(3, ...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  return [
    `### ${title}`,
    '',
    line(HEAD),
    line(widths.map((width) => '-'.repeat(width))),
    ...rows.slice(1).map(line),
    '',
  ].join('\n');
}
