// Reads the rows of earlier runs of the fault tests from a file, and writes the report on all rows.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { must } from '../command';
import { FaultPlatform } from './platform';
import { Measured, Row, printReport } from './report';

/** Returns the rows of earlier runs, so that a long run can be continued. */
export const rowsIn = (file: string | undefined): readonly Row[] =>
  file !== undefined && existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as readonly Row[]) : [];

/** Writes the report on `rows` to `file`, as Markdown. */
export async function writeReport(
  file: string,
  rows: readonly Row[],
  { id, others }: FaultPlatform,
  terraform: string,
): Promise<void> {
  const measured: Measured = {
    kernel: release(),
    platform: id,
    version: `${others.program} ${others.version}`,
    terraform: (JSON.parse(await must([terraform, 'version', '-json'])) as { terraform_version: string })
      .terraform_version,
    date: new Date().toISOString().slice(0, 10),
    cpus: cpus().length,
  };
  writeFileSync(file, printReport(rows, measured));
}
