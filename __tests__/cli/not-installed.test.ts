// Tests that the command without its node_modules, or without a file of the package that a bundler left out, ends with
// status 2 and says what is missing and what to do, such as `npm ci`.

import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtCommand, typed } from '../built-command';

const built = builtCommand();

// Node also looks into parent folders, and /tmp may contain packages.
const ALONE = 'require("module")._nodeModulePaths = () => [require("path").join(__dirname, "node_modules")];';

// A pipeline that applies a plan in a checkout without its packages, or with some of them.
test.each([
  ['commander', ['review']],
  ['all but commander', ['review', 'plan.json']],
])('without %s the command says so, with the exit status of wrong use', (absent, words) => {
  const [packages, own] = [join(built, 'node_modules'), join(built, 'packages')];
  renameSync(packages, own);
  mkdirSync(packages);
  if (absent !== 'commander') symlinkSync(join(own, 'commander'), join(packages, 'commander'));
  try {
    writeFileSync(join(built, 'plan.json'), '{"format_version":"1.2"}');
    writeFileSync(join(built, 'alone.js'), ALONE);
    const { status, said, out } = typed(built, words, {
      env: { NODE_OPTIONS: `--require ${join(built, 'alone.js')}` },
    });
    expect([status, out]).toEqual([2, '']);
    expect(said).toMatch(
      /^cli\/not-installed at [a-z.-]+: Node doesn’t find it: .*\n {2}instead: npm ci in the folder of the project; .*\n$/,
    );
  } finally {
    rmSync(packages, { recursive: true });
    renameSync(own, packages);
  }
});

// A bundler takes the code and omits the data files.
test('without a data file of the package it says so, too', () => {
  renameSync(join(built, 'agent'), join(built, 'left'));
  try {
    const { status, said, out } = typed(built, ['bootstrap']);
    expect([status, out]).toEqual([2, '']);
    expect(said).toMatch(
      /^cli\/not-installed at \S*\/agent\/parts\.txt: Node doesn’t find it: [^]*; .* leave it out of the bundle\.\n$/,
    );
  } finally {
    renameSync(join(built, 'left'), join(built, 'agent'));
  }
});
