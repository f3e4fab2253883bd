// Finds broken links in Markdown files, for the test of the repository's pages and the check of the package's tarball.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

/** The used part of markdown-it's tokens. The package has no types. */
interface Token {
  readonly type: string;
  readonly tag: string;
  readonly content: string;
  readonly children: readonly Token[] | null;
  attrGet(name: string): string | null;
}
const MarkdownIt = createRequire(__filename)('markdown-it') as new (options: object) => {
  parse(text: string, environment: object): readonly Token[];
};

/**
 * Returns the broken links of the Markdown files below `folder`, each as `file: link`. It follows no links to the web.
 * `files`: paths from the folder; default: all.
 */
export function brokenLinks(
  folder: string,
  files: readonly string[] = readdirSync(folder, { recursive: true, encoding: 'utf8' }),
): string[] {
  const pages = new Map(
    files.filter((file) => file.endsWith('.md')).map((file) => [join(folder, file), parsed(join(folder, file))]),
  );
  return [...pages].flatMap(([page, tokens]) =>
    linksOf(tokens)
      .filter((link) => !/^[a-z]+:/.test(link) && !leads(link, page, folder, pages))
      .map((link) => `${relative(folder, page)}: ${link}`),
  );
}

const parsed = (file: string): readonly Token[] =>
  new MarkdownIt({ html: true })
    .parse(readFileSync(file, 'utf8'), {})
    .flatMap((token) => [token, ...(token.children ?? [])]);

/** Returns the links in the tokens. An HTML tag `a` or `img` counts as a broken link: its attributes aren't parsed. */
const linksOf = (tokens: readonly Token[]): string[] =>
  tokens.flatMap((token) =>
    token.type.startsWith('html')
      ? (token.content.match(/<(?:a|img)\b[^>]*>/g) ?? [])
      : (token.attrGet(token.type === 'image' ? 'src' : 'href') ?? []),
  );

function leads(link: string, page: string, folder: string, pages: ReadonlyMap<string, readonly Token[]>): boolean {
  const [path, anchor] = link.split('#') as [string, string?];
  const target = path === '' ? page : join(dirname(page), decodeURIComponent(path));
  if (relative(folder, target).startsWith('..') || !existsSync(target)) return false;
  return anchor === undefined || headingsOf(pages.get(target) ?? []).includes(decodeURIComponent(anchor));
}

/** Returns the anchors that GitHub and npm make of the headings. */
const headingsOf = (tokens: readonly Token[]): string[] =>
  tokens.flatMap((token, i) => (token.type === 'heading_open' ? [slug(textOf(tokens[i + 1]!))] : []));
const textOf = ({ children }: Token): string => (children ?? []).map(({ content }) => content).join('');
const slug = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_ -]/gu, '')
    .replace(/ /g, '-');
