// Command `explain`: prints what an error code or a lint code is about and what to do.
import { posix } from 'node:path';
import { Command } from 'commander';
import { explainRule, getPagePath } from '../lib/lint/explain-rule';
import { lintRules } from '../lib/lint/rules';
import { wrapText } from '../lib/report/wrap-text';
import { findNearestCodes } from '../lib/problems/find-nearest-word';
import { JSON_SCHEMA, printDisplayJson } from '../lib/problems/print-json';
import { Problem, Refusal } from '../lib/problems/problem';
import { parsablePlatforms } from '../lib/registry';
import { collectExplanations, explanationPages } from './explanations/error-explanations';
import { FormatOptions, getFormat, addFormatOptions } from './format-options';
import { createHelpText } from './help-text';

const MAX_WIDTH = 100;
const MIN_WIDTH = 40;

export const explain = addFormatOptions(new Command('explain'), ['text', 'json'])
  .description('Says what the code of an error, or of a finding of lint, is about, and what to do.')
  .argument('<code>', 'as it is printed: intent/host-bits-set, device/edited, ports/mysql-public')
  .addHelpText('after', createHelpText('Exit status: 0 it is explained; 2 there is no such code.'))
  .action((givenCode: string, options: FormatOptions<'text' | 'json'>) => {
    const code = findCode(givenCode, listCodes());
    const rule = explainRule(code);
    const explanation = rule === undefined ? listExplanations().get(code)! : removeTitle(rule);
    const page = rule === undefined ? undefined : getPagePath(code);
    const result = {
      schema: JSON_SCHEMA,
      code,
      is: page === undefined ? 'error' : 'lint rule',
      text: page === undefined ? explanation : fixLinks(explanation, posix.dirname(page)),
      ...(page === undefined ? {} : { page }),
    };
    process.stdout.write(
      getFormat(options) === 'json' ? `${printDisplayJson(result)}\n` : printExplanation(code, result.text),
    );
  });

const removeTitle = (page: string): string => page.replace(/^# .*\n+/, '').trimEnd();

const listExplanations = (): ReadonlyMap<string, string> =>
  collectExplanations(explanationPages, Object.keys(parsablePlatforms));

/** Returns all codes that have a page or a paragraph. */
export const listCodes = (): readonly string[] => [...lintRules.map((rule) => rule.code), ...listExplanations().keys()];

/**
 * Returns the code that a person means: the case doesn't matter, and the part behind the slash is enough if one code
 * ends so.
 * @throws Refusal cli/no-such-code
 */
function findCode(givenCode: string, knownCodes: readonly string[]): string {
  const lowerCode = givenCode.toLowerCase();
  const matchingCodes = knownCodes.includes(lowerCode)
    ? [lowerCode]
    : knownCodes.filter((code) => code.endsWith(`/${lowerCode}`));
  if (matchingCodes.length === 1) return matchingCodes[0]!;
  throw new Refusal([
    matchingCodes.length === 0
      ? createNoSuchCodeProblem(givenCode, knownCodes)
      : createAmbiguousCodeProblem(givenCode, matchingCodes),
  ]);
}

/** Makes links of a lint rule's page relative to the package's root, like those of its README. */
const fixLinks = (text: string, folder: string): string =>
  text.replace(/\]\((?![a-z]+:|#)([^)]*)\)/g, (_, link: string) => `](${posix.join(folder, link)})`);

function printExplanation(code: string, text: string): string {
  // A terminal may report zero columns.
  const width = Math.max(MIN_WIDTH, Math.min(MAX_WIDTH, process.stdout.columns || MAX_WIDTH));
  const paragraphs = text.split(/\n{2,}/);
  return `# ${code}\n${paragraphs.map((paragraph) => `\n${wrapText(paragraph.replaceAll('\n', ' '), 0, 0, width).join('\n')}\n`).join('')}`;
}

const OWN_CODE = 'cli/no-such-code';

const createAmbiguousCodeProblem = (where: string, candidates: readonly string[]): Problem => ({
  code: OWN_CODE,
  where,
  what: `${candidates.length} codes end so.`,
  instead: `${candidates.join(', or ')}.`,
});

const createNoSuchCodeProblem = (where: string, knownCodes: readonly string[]): Problem => {
  // This command's own code is suggested only for a code that begins with cli/.
  const nearestCodes = findNearestCodes(
    where,
    knownCodes.filter((code) => code !== OWN_CODE || where.startsWith('cli/')),
  );
  return {
    code: OWN_CODE,
    where,
    what: where.includes('/')
      ? 'There is no error and no lint rule of this code.'
      : 'There is no error and no lint rule of this code, or whose code ends in it.',
    instead:
      nearestCodes.length > 0
        ? `${nearestCodes.join(', or ')}.`
        : 'a code as it is printed, such as ports/mysql-public; docs/reference/errors.md and docs/reference/lint.md lead to all.',
  };
};
