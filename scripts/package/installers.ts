// Prepares a test project for npm, pnpm or yarn and returns the install command. For run-projects.ts, which tests the
// packed package.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Project } from './projects';

// npm uses its own cache. pnpm and yarn get this one, which stays between runs.
const CACHE = join(homedir(), '.cache/cpanel-edge');

/** The packages of pnpm and yarn. `npm install` installs them. */
export const TOOLS = ['pnpm@10.34.9', '@yarnpkg/cli-dist@4.18.1'];

const YARN = [
  'nodeLinker: node-modules',
  'enableTelemetry: false',
  'enableScripts: false',
  'enableImmutableInstalls: false',
];
export const QUIET = '--prefer-offline --no-audit --no-fund --ignore-scripts --loglevel=warn';

/** Prepares a project for its installer and returns the command that installs it. */
export function installing({ installer }: Project, folder: string, tools: string): string {
  switch (installer) {
    case 'npm':
      return `npm install ${QUIET}`;
    case 'pnpm':
      return `node ${tools}/node_modules/pnpm/bin/pnpm.cjs install --prefer-offline --ignore-scripts --reporter=append-only --store-dir ${CACHE}/pnpm`;
    case 'yarn': {
      // Yarn keeps every tarball that it ever saw, so the earlier ones of this package are removed.
      const kept = `${CACHE}/yarn/cache`;
      mkdirSync(kept, { recursive: true });
      for (const file of readdirSync(kept)) if (file.startsWith('cpanel-edge-')) rmSync(join(kept, file));
      const registry = execFileSync('npm', ['config', 'get', 'registry'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim();
      const settings = [...YARN, `globalFolder: ${CACHE}/yarn`, `npmRegistryServer: ${registry}`, ''];
      writeFileSync(join(folder, '.yarnrc.yml'), settings.join('\n'));
      writeFileSync(join(folder, 'yarn.lock'), '');
      return `node ${tools}/node_modules/@yarnpkg/cli-dist/bin/yarn.js install`;
    }
    default:
      return installer satisfies never;
  }
}

/** Matches each installer's warning that a package doesn't get the peer that it names. */
export const PEER_WARNING = /ERESOLVE|unmet peer|missing peer|YN0002|YN0060|YN0086/;
