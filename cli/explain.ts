import { Command } from 'commander';
import { explain as ruleExplained } from '../lib/lint/explain';
import { lintRules } from '../lib/lint/rules';
import { wrapped } from '../lib/printing/wrapped';
import { explanations } from '../lib/problems/explained';
import { nearestCodes } from '../lib/problems/nearest';
import { Problem, Refusal } from '../lib/problems/problem';
import { readables } from '../lib/registry';
import { below } from './help';
import { packagedIn } from './version';

const PAGES = 'docs/errors';
const WIDTH = 100;
const NARROWEST = 40;

export const explain = new Command('explain')
  .description('Says what the code of an error, or of a finding of lint, is about, and what to do.')
  .argument('<code>', 'as it is printed: intent/host-bits-set, device/edited, ports/mysql-public')
  .addHelpText('after', below('Exit status: 0 it is explained; 2 there is no such code.'))
  .action((code: string) => {
    const said = explained().get(code);
    const page = ruleExplained(code) ?? (said === undefined ? undefined : printed(code, said));
    if (page === undefined) throw new Refusal([noSuchCode(code, codes())]);
    process.stdout.write(page);
  });

const explained = (): ReadonlyMap<string, string> => explanations(packagedIn(PAGES), Object.keys(readables));

/** All that there is a page or a paragraph of. */
export const codes = (): readonly string[] => [...lintRules.map((rule) => rule.code), ...explained().keys()];

/** Links lead from the package's root, as those of its README do. */
function printed(code: string, text: string): string {
  // A terminal may say that it has no column at all.
  const width = Math.max(NARROWEST, Math.min(WIDTH, process.stdout.columns || WIDTH));
  const paragraphs = text.replaceAll('](../', '](docs/').split(/\n{2,}/);
  return `# ${code}\n${paragraphs.map((one) => `\n${wrapped(one.replaceAll('\n', ' '), 0, 0, width).join('\n')}\n`).join('')}`;
}

const noSuchCode = (where: string, all: readonly string[]): Problem => {
  const near = nearestCodes(where, all);
  return {
    code: 'cli/no-such-code',
    where,
    what: 'There is no error and no lint rule of this code.',
    instead:
      near.length > 0
        ? `${near.join(', or ')}.`
        : 'a code as it is printed, such as ports/mysql-public; docs/errors.md and docs/lint.md lead to all.',
  };
};
