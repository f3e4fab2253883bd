// Makes the pages of docs/reference/errors from the explanations that `cpanel-edge explain` prints.
import { posix } from 'node:path';
import { ExplanationPage } from '../../cli/explanations/explanation-page';
import { wrapText } from '../../lib/report/wrap-text';

export const ERROR_PAGES = 'docs/reference/errors';
const MAX_WIDTH = 140;

/** Returns the page as Markdown. */
export const printErrorPage = ({ title, introduction, explanations }: ExplanationPage): string =>
  [
    `# ${title}`,
    ...(introduction === '' ? [] : [introduction]),
    ...Object.entries(explanations).flatMap(([code, text]) => [`## ${code}`, text]),
  ]
    .map((block) => (block.startsWith('#') ? `${block}\n` : printBlock(block)))
    .join('\n');

const printBlock = (text: string): string =>
  `${linkFromPage(text)
    .split('\n')
    .flatMap((line) => wrapText(line, 0, line.startsWith('- ') ? 2 : 0, MAX_WIDTH))
    .join('\n')}\n`;

/** Makes the links, which lead from the root of the package, relative to the page. */
const linkFromPage = (text: string): string =>
  text.replace(
    /\]\((?![a-z]+:|#)([^)#]*)(#[^)]*)?\)/g,
    (_, path: string, anchor = '') => `](${posix.relative(ERROR_PAGES, path)}${anchor})`,
  );
