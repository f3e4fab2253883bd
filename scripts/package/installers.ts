import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Project } from './projects';

// npm's own cache serves what it has. The others get one of ours, which stays.
const CACHE = join(homedir(), '.cache/cpanel-edge');

/** Packages that `npm install` takes pnpm and yarn from. */
export const TOOLS = ['pnpm@10.34.9', '@yarnpkg/cli-dist@4.18.1'];

const YARN = [
  'nodeLinker: node-modules',
  'enableTelemetry: false',
  'enableScripts: false',
  'enableImmutableInstalls: false',
];
export const QUIET = '--prefer-offline --no-audit --no-fund --ignore-scripts --loglevel=warn';

/** Prepares a project for its installer, and says the command. */
export function installing({ installer }: Project, folder: string, tools: string): string {
  switch (installer) {
    case 'npm':
      return `npm install ${QUIET}`;
    case 'pnpm':
      return `node ${tools}/node_modules/pnpm/bin/pnpm.cjs install --prefer-offline --ignore-scripts --reporter=append-only --store-dir ${CACHE}/pnpm`;
    case 'yarn': {
      // It keeps every tarball that it ever saw.
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

/** How each of them says that a package doesn't get the peer that it names. */
export const PEER_WARNING = /ERESOLVE|unmet peer|missing peer|YN0002|YN0060|YN0086/;
