// Writes the files of a run of `npm start` (report, plan, log) and returns their paths. The files belong to the
// checkout's owner even if root runs the lab.
import { chownSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../stack';

/** Folder for the files of a run, below the checkout and not in git. start.sh creates it and begins the log. */
const FOLDER = 'lab-report';

/** Paths relative to the checkout, as a person reads them. */
export const FILES = { report: `${FOLDER}/report.html`, plan: `${FOLDER}/plan.txt`, log: `${FOLDER}/log.txt` } as const;

export const pathOf = (file: keyof typeof FILES): string => join(REPOSITORY, FILES[file]);

/** Removes the files of an earlier run, so that none counts as this run's. */
export function prepareFiles(): void {
  const folder = join(REPOSITORY, FOLDER);
  mkdirSync(folder, { recursive: true });
  for (const file of ['report', 'plan'] as const) rmSync(pathOf(file), { force: true });
  if (!process.env['CPANEL_EDGE_LOG_BEGUN']) writeFileSync(pathOf('log'), '');
  owned(folder);
  owned(pathOf('log'));
}

export function write(file: keyof typeof FILES, text: string): void {
  writeFileSync(pathOf(file), text);
  owned(pathOf(file));
}

/** Gives a file to the checkout's owner, who may write it even if root has created it by sudo. */
function owned(path: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(REPOSITORY);
  chownSync(path, uid, gid);
}
