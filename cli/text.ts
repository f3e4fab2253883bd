// Command `text`: prints the generated config that a stack or a plan delivers to a device, whole or some lines.
// Findings of review and exposure name these lines.
import { Command, InvalidArgumentError } from 'commander';
import { JSON_SCHEMA, printDisplayJson } from '../lib/problems/print-json';
import { Problem, Refusal, escapeForDisplay, escapeFullText, refuseIfAny } from '../lib/problems/problem';
import { ExposureSource } from '../lib/exposure/create-exposure-report';
import { StackRelease } from '../lib/exposure/evaluate-releases';
import { readSources } from './exposure-files';
import { FormatOptions, getFormat, addFormatOptions } from './format-options';
import { createHelpText } from './help-text';
import { parseOwner } from './option-values';

/** A range of lines. The first line is 1, as in findings. */
interface LineRange {
  readonly first: number;
  readonly last: number;
}

interface TextCommandOptions extends FormatOptions<'text' | 'json'> {
  readonly owner?: string;
  readonly lines?: LineRange;
}

export const text = addFormatOptions(new Command('text'), ['text', 'json'])
  .description('Prints what a stack or a plan delivers to a device: the text whose lines review and exposure name.')
  .argument('<device>', 'its name in the intent')
  .argument('[source...]', 'plans, folders with stacks, - for standard input; default: the synthesized stacks')
  .option('--owner <owner>', 'the owner of the text, where the device has several', parseOwner)
  .option('--lines <lines>', 'these alone, with their numbers: 67, or 60-80', parseLines)
  .addHelpText('after', createHelpText('Exit status: 0 it is printed; 2 wrong use, or there is none.'))
  .action(async (device: string, sources: readonly string[], options: TextCommandOptions) => {
    const release = findRelease(await readSources(sources, process.stdin), device, options.owner);
    const textLines = release.text.replace(/\n$/, '').split('\n');
    const { first, last } = options.lines ?? { first: 1, last: textLines.length };
    if (first > textLines.length) throw new Refusal([createNoSuchLineProblem(release, first, textLines.length)]);
    const lines = textLines.slice(first - 1, last);
    if (getFormat(options) === 'json') {
      const { owner } = release;
      process.stdout.write(`${printDisplayJson({ schema: JSON_SCHEMA, device, owner, first, lines })}\n`);
      return;
    }
    const width = String(first + lines.length - 1).length;
    const numberLine = (line: string, index: number): string =>
      `${String(first + index).padStart(width)}${line && `  ${line}`}`;
    const printed = lines.map((line) => line.split('\t').map(escapeFullText).join('\t'));
    process.stdout.write(`${(options.lines ? printed.map(numberLine) : printed).join('\n')}\n`);
  });

function parseLines(words: string): LineRange {
  const [, first, last = first] = /^([1-9]\d{0,8})(?:-([1-9]\d{0,8}))?$/.exec(words) ?? [];
  if (first === undefined || Number(last) < Number(first))
    throw new InvalidArgumentError('67, or 60-80; the first line is 1.');
  return { first: Number(first), last: Number(last) };
}

/**
 * Returns the release of this device and owner. A plan and the stack that it was made of may both have the same one.
 */
function findRelease(sources: readonly ExposureSource[], device: string, owner: string | undefined): StackRelease {
  refuseIfAny(sources.flatMap((source) => (source.is === 'releases' ? [] : [createNoReleasesProblem(source.name)])));
  const releaseSources = sources.flatMap((source) => (source.is === 'releases' ? [source] : []));
  const knownReleases = releaseSources.flatMap(({ releases }) => releases);
  const matchingReleases = knownReleases.filter(
    (release) => release.device === device && (owner === undefined || release.owner === owner),
  );
  const [release, ...moreReleases] = matchingReleases;
  if (release === undefined)
    throw new Refusal([
      createNoSuchTextProblem(device, owner, knownReleases),
      ...releaseSources.flatMap(({ unknowns }) => unknowns),
    ]);
  if (moreReleases.some((otherRelease) => otherRelease.owner !== release.owner))
    throw new Refusal([createSeveralOwnersProblem(device, matchingReleases)]);
  if (moreReleases.some((otherRelease) => otherRelease.text !== release.text))
    throw new Refusal([createSeveralTextsProblem(device)]);
  return release;
}

const listReleaseNames = (releases: readonly StackRelease[]): string =>
  [...new Set(releases.map(({ device, owner }) => `${owner} on ${device}`))].join(', ');

const createNoReleasesProblem = (where: string): Problem => ({
  code: 'cli/not-ours-to-print',
  where,
  what: 'It holds rules of a device, and no release that would be delivered.',
  instead: 'a plan, or a folder with a synthesized stack; cpanel-edge exposure shows what rules let through.',
});

const createNoSuchTextProblem = (
  device: string,
  owner: string | undefined,
  releases: readonly StackRelease[],
): Problem => ({
  code: 'cli/no-such-text',
  where: owner === undefined ? device : `${owner} on ${device}`,
  what: `Nothing is delivered to it by what was read, ${releases.length === 0 ? 'which has no release' : `which has ${listReleaseNames(releases)}`}.`,
  instead: 'a device of these, as the intent names it; or the stack or plan that it is in.',
});

const createSeveralOwnersProblem = (where: string, releases: readonly StackRelease[]): Problem => ({
  code: 'cli/several-owners',
  where,
  what: `Each owner has a text of its own there: ${listReleaseNames(releases)}.`,
  instead: [...new Set(releases.map(({ owner }) => `--owner ${escapeForDisplay(owner)}`))].join(', or '),
});

const createSeveralTextsProblem = (where: string): Problem => ({
  code: 'cli/several-texts',
  where,
  what: 'What was given says two things of it, as a plan does that was made before the stack was synthesized anew.',
  instead: 'one of them.',
});

const createNoSuchLineProblem = ({ device, owner }: StackRelease, line: number, lineCount: number): Problem => ({
  code: 'cli/no-such-line',
  where: `line ${line} of ${owner} on ${device}`,
  what: `The text has ${lineCount} ${lineCount === 1 ? 'line' : 'lines'}.`,
  instead: 'the stack or plan that the finding is of; verify names lines of what runs on the device.',
});
