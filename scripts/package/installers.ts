import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Project } from './projects';

// npm's own cache serves what it has; the others get one that stays, beside it, and nobody's own settings count.
const CACHE = join(homedir(), '.cache/cpanel-edge');

/** Packages that `npm install` takes pnpm and yarn from. */
export const TOOLS = ['pnpm@10.34.9', '@yarnpkg/cli-dist@4.18.1'];

const YARN = [
  'nodeLinker: node-modules',
  'enableTelemetry: false',
  'enableScripts: false',
  'enableImmutableInstalls: false',
  'enableGlobalCache: false',
];
const QUIET = '--prefer-offline --no-audit --no-fund --ignore-scripts --loglevel=warn';

/** Prepares a project for its installer, and says the command. */
export function installing({ installer }: Project, folder: string, tools: string): string {
  switch (installer) {
    case 'npm':
      return `npm install ${QUIET}`;
    case 'pnpm':
      return `node ${tools}/node_modules/pnpm/bin/pnpm.cjs install --prefer-offline --ignore-scripts --reporter=append-only --store-dir ${CACHE}/pnpm`;
    case 'yarn': {
      const cache = `${CACHE}/yarn`;
      mkdirSync(cache, { recursive: true });
      // It keeps every tarball that it ever saw.
      for (const file of readdirSync(cache)) if (file.startsWith('cpanel-edge-')) rmSync(join(cache, file));
      writeFileSync(join(folder, 'yarn.lock'), '');
      writeFileSync(join(folder, '.yarnrc.yml'), [...YARN, `cacheFolder: ${cache}`, ''].join('\n'));
      return `node ${tools}/node_modules/@yarnpkg/cli-dist/bin/yarn.js install`;
    }
    default:
      return installer satisfies never;
  }
}

/** How each of them says that a package doesn't get the peer that it names. */
export const PEER_WARNING = /ERESOLVE|unmet peer|missing peer|YN0002|YN0060|YN0086/;
