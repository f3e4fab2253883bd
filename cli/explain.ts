import { Command } from 'commander';
import { explain as ruleExplained, pageOf } from '../lib/lint/explain';
import { lintRules } from '../lib/lint/rules';
import { wrapped } from '../lib/report/wrapped';
import { explanations } from '../lib/problems/explained';
import { nearestCodes } from '../lib/problems/nearest';
import { printableJson } from '../lib/problems/printable-json';
import { Problem, Refusal } from '../lib/problems/problem';
import { readables } from '../lib/registry';
import { FormatOptions, formatOf, withFormat } from './format';
import { below } from './help';
import { packagedIn } from './version';

const PAGES = 'docs/errors';
const WIDTH = 100;
const NARROWEST = 40;
/** Of the JSON. A change that readers could notice makes a new one. */
const FORMAT = 1;

export const explain = withFormat(new Command('explain'), ['text', 'json'])
  .description('Says what the code of an error, or of a finding of lint, is about, and what to do.')
  .argument('<code>', 'as it is printed: intent/host-bits-set, device/edited, ports/mysql-public')
  .addHelpText('after', below('Exit status: 0 it is explained; 2 there is no such code.'))
  .action((code: string, options: FormatOptions<'text' | 'json'>) => {
    const rule = ruleExplained(code);
    const said = rule === undefined ? explained().get(code) : belowTitle(rule);
    if (said === undefined) throw new Refusal([noSuchCode(code, codes())]);
    const found = { format: FORMAT, code, is: rule === undefined ? 'error' : 'lint rule', text: fromRoot(said) };
    const page = rule === undefined ? found : { ...found, page: pageOf(code) };
    process.stdout.write(formatOf(options) === 'json' ? `${printableJson(page)}\n` : printed(code, found.text));
  });

const belowTitle = (page: string): string => page.replace(/^# .*\n+/, '').trimEnd();

const explained = (): ReadonlyMap<string, string> => explanations(packagedIn(PAGES), Object.keys(readables));

/** All that there is a page or a paragraph of. */
export const codes = (): readonly string[] => [...lintRules.map((rule) => rule.code), ...explained().keys()];

/** Links lead from the package's root, as those of its README do. */
const fromRoot = (text: string): string => text.replaceAll('](../', '](docs/');

function printed(code: string, text: string): string {
  // A terminal may say that it has no column at all.
  const width = Math.max(NARROWEST, Math.min(WIDTH, process.stdout.columns || WIDTH));
  const paragraphs = text.split(/\n{2,}/);
  return `# ${code}\n${paragraphs.map((one) => `\n${wrapped(one.replaceAll('\n', ' '), 0, 0, width).join('\n')}\n`).join('')}`;
}

const OWN = 'cli/no-such-code';

const noSuchCode = (where: string, all: readonly string[]): Problem => {
  // What is said here is meant by nobody who has none of its words.
  const near = nearestCodes(
    where,
    all.filter((code) => code !== OWN || where.startsWith('cli/')),
  );
  return {
    code: OWN,
    where,
    what: 'There is no error and no lint rule of this code.',
    instead:
      near.length > 0
        ? `${near.join(', or ')}.`
        : 'a code as it is printed, such as ports/mysql-public; docs/errors.md and docs/lint.md lead to all.',
  };
};
