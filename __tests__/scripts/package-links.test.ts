// Tests the check of links in the packed package: it finds links to missing files or headings, in every form of
// Markdown.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brokenLinks } from '../../scripts/package/broken-links';
import { temporaryFolder } from '../temporary-folder';

describe('links of what is packed', () => {
  const folder = temporaryFolder();
  const page = (text: string): string[] => {
    writeFileSync(join(folder, 'README.md'), text);
    return brokenLinks(folder);
  };
  mkdirSync(join(folder, 'docs'));
  writeFileSync(
    join(folder, 'docs/verify.md'),
    '# Verify\n\n## What `verify --json` says, in short\n\n[back](../README.md) [out](../../etc)\n',
  );

  test.each([
    'see [verify](docs/verify.md), [all](docs), [![a picture](docs/verify.md)](docs)',
    '[part](docs/verify.md#what-verify---json-says-in-short) and [here](#here)\n\n## Here',
    '[web](https://example.com/none), `[code](none.md)`\n\n    [code](none.md)\n',
  ])('lead somewhere: %s', (text) => expect(page(text)).toEqual(['docs/verify.md: ../../etc']));

  test.each([
    ['[a file](docs/none.md)', 'docs/none.md'],
    ['[a part](docs/verify.md#none)', 'docs/verify.md#none'],
    ['[here](#none)', '#none'],
    ['| in a table |\n| --- |\n| **[bold](none.md)** |', 'none.md'],
    ['[by reference][r]\n\n[r]: none.md', 'none.md'],
    ['![a picture](none.png)', 'none.png'],
    ['<a href="docs/verify.md">as HTML, which is not looked into</a>', '<a href="docs/verify.md">'],
  ])('lead nowhere: %s', (text, link) =>
    expect(page(text)).toEqual([`README.md: ${link}`, 'docs/verify.md: ../../etc']),
  );
});
