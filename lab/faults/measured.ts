import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { join } from 'node:path';
import { must } from '../command';
import { REPOSITORY } from '../stack';
import { FaultPlatform } from './platform';
import { Measured, Row, reliabilityPage, withGenerated } from './report';

const PAGE = join(REPOSITORY, 'docs/reliability.md');

/** Rows of earlier runs, so that a long run can be taken up again. */
export const rowsIn = (file: string | undefined): readonly Row[] =>
  file !== undefined && existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as readonly Row[]) : [];

export async function writePage(rows: readonly Row[], { id, others }: FaultPlatform, terraform: string): Promise<void> {
  const measured: Measured = {
    kernel: release(),
    platform: id,
    version: `${others.program} ${others.version}`,
    terraform: (JSON.parse(await must([terraform, 'version', '-json'])) as { terraform_version: string }).terraform_version,
    date: new Date().toISOString().slice(0, 10),
    cpus: cpus().length,
  };
  writeFileSync(PAGE, withGenerated(readFileSync(PAGE, 'utf8'), id, reliabilityPage(rows, measured)));
}
