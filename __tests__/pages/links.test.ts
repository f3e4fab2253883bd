// Tests that every link of the repository's pages leads to a file and a heading that exist, and that paths and Jest
// commands in contributing/ do, too.

import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { brokenLinks } from '../../scripts/package/broken-links';
import { temporaryFolder } from '../temporary-folder';
import { ROOT, filesUnder, read } from '../walls/sources';

// Pages of tests are goldens, whose links start elsewhere.
const pages = filesUnder('', /\.md$/).filter((file) => !file.startsWith('__tests__/'));

test('every link of a page has a target in the repository', () => {
  for (const folder of ['contributing/', 'docs/', 'lib/'])
    expect(pages.some((page) => page.startsWith(folder))).toBe(true);
  expect(brokenLinks(ROOT, pages)).toEqual([]);
});

describe('pages of the package', () => {
  const folder = temporaryFolder();

  test('have no link to a file that only the repository has', () => {
    const { files } = JSON.parse(read('package.json')) as { readonly files: readonly string[] };
    for (const name of files) if (existsSync(join(ROOT, name))) symlinkSync(join(ROOT, name), join(folder, name));
    const packed = pages.filter((page) => files.includes(page.split('/')[0]!));
    expect(packed.length).toBeGreaterThan(50);
    expect(brokenLinks(folder, packed)).toEqual([]);
  });
});

describe('pages of contributing/', () => {
  const files = filesUnder('', /./);
  const folders = files.flatMap((file) => file.split('/').map((_, depth, parts) => parts.slice(0, depth).join('/')));
  const repositoryPaths = [...new Set([...files, ...folders])];
  const top = new Set(repositoryPaths.map((path) => path.split('/')[0]!));
  // The list of mutants quotes sources as they were when it was written.
  const texts = ['CONTRIBUTING.md', ...filesUnder('contributing', /\.md$/)]
    .filter((page) => page !== 'contributing/mutants.md')
    .map((page) => [page, read(page)] as const);

  test('name existing paths in code', () => {
    const paths = texts.flatMap(([page, text]) =>
      [...text.matchAll(/`([^`\n]+)`/g)]
        .map(([, code]) => code!.replace(/\/$/, ''))
        .filter((code) => /^[\w.*<>-]+(\/[\w.*<>-]+)+$/.test(code) && top.has(code.split('/')[0]!))
        .map((path) => [page, path] as const),
    );
    expect(paths.length).toBeGreaterThan(30);
    const isThere = (path: string): boolean => {
      const pattern = path.replace(/[.-]/g, '\\$&').replace(/<\w+>|\*/g, '[^/]+');
      const expression = new RegExp(`^${pattern}(\\.ts)?$`);
      return repositoryPaths.some((candidate) => expression.test(candidate));
    };
    expect(paths.filter(([, path]) => !isThere(path))).toEqual([]);
  });

  test('name existing suites in commands of Jest', () => {
    const commands = texts.flatMap(([page, text]) =>
      [...text.matchAll(/npx jest (__tests__\/[\w/.-]+)/g)].map(([, path]) => [page, path!] as const),
    );
    expect(commands.length).toBeGreaterThan(10);
    expect(
      commands.filter(([, path]) => !files.some((file) => file.endsWith('.test.ts') && file.startsWith(path))),
    ).toEqual([]);
  });
});
