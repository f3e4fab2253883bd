import { Command, InvalidArgumentError } from 'commander';
import { printableJson } from '../lib/problems/printable-json';
import { Problem, Refusal, printable, printableWhole, refuseIfAny } from '../lib/problems/problem';
import { Source } from '../lib/exposure/exposed';
import { OwnRelease } from '../lib/exposure/own-releases';
import { sourcesIn } from './exposure-files';
import { FormatOptions, formatOf, withFormat } from './format';
import { below } from './help';
import { ownerWord } from './words';

/** Of the JSON. A change that readers could notice makes a new one. */
const FORMAT = 1;

/** The first line is 1, as findings count. */
interface Lines {
  readonly first: number;
  readonly last: number;
}

interface Options extends FormatOptions<'text' | 'json'> {
  readonly owner?: string;
  readonly lines?: Lines;
}

export const text = withFormat(new Command('text'), ['text', 'json'])
  .description('Prints what a stack or a plan delivers to a device: the text whose lines review and exposure name.')
  .argument('<device>', 'its name in the intent')
  .argument('[source...]', 'plans, folders with stacks, - for standard input; default: the synthesized stacks')
  .option('--owner <owner>', 'whose text, where the device has several owners', ownerWord)
  .option('--lines <lines>', 'these alone, with their numbers: 67, or 60-80', linesOf)
  .addHelpText('after', below('Exit status: 0 it is printed; 2 wrong use, or there is none.'))
  .action(async (device: string, sources: readonly string[], options: Options) => {
    const found = releaseOf(await sourcesIn(sources, process.stdin), device, options.owner);
    const all = found.text.replace(/\n$/, '').split('\n');
    const { first, last } = options.lines ?? { first: 1, last: all.length };
    if (first > all.length) throw new Refusal([noSuchLine(found, first, all.length)]);
    const lines = all.slice(first - 1, last);
    if (formatOf(options) === 'json') {
      const { owner } = found;
      process.stdout.write(`${printableJson({ format: FORMAT, device, owner, first, lines })}\n`);
      return;
    }
    const width = String(first + lines.length - 1).length;
    const numbered = (line: string, at: number): string =>
      `${String(first + at).padStart(width)}${line && `  ${line}`}`;
    const printed = lines.map((line) => line.split('\t').map(printableWhole).join('\t'));
    process.stdout.write(`${(options.lines ? printed.map(numbered) : printed).join('\n')}\n`);
  });

function linesOf(words: string): Lines {
  const [, first, last = first] = /^([1-9]\d{0,8})(?:-([1-9]\d{0,8}))?$/.exec(words) ?? [];
  if (first === undefined || Number(last) < Number(first))
    throw new InvalidArgumentError('67, or 60-80; the first line is 1.');
  return { first: Number(first), last: Number(last) };
}

/** The one that is meant. A plan and the stack that it was made of say the same. */
function releaseOf(sources: readonly Source[], device: string, owner: string | undefined): OwnRelease {
  refuseIfAny(sources.flatMap((source) => (source.is === 'releases' ? [] : [noReleases(source.name)])));
  const released = sources.flatMap((source) => (source.is === 'releases' ? [source] : []));
  const all = released.flatMap(({ releases }) => releases);
  const found = all.filter((one) => one.device === device && (owner === undefined || one.owner === owner));
  const [one, ...others] = found;
  if (one === undefined)
    throw new Refusal([noSuchText(device, owner, all), ...released.flatMap(({ doubts }) => doubts)]);
  if (others.some((other) => other.owner !== one.owner)) throw new Refusal([severalOwners(device, found)]);
  if (others.some((other) => other.text !== one.text)) throw new Refusal([severalTexts(device)]);
  return one;
}

const named = (releases: readonly OwnRelease[]): string =>
  [...new Set(releases.map(({ device, owner }) => `${owner} on ${device}`))].join(', ');

const noReleases = (where: string): Problem => ({
  code: 'cli/not-ours-to-print',
  where,
  what: 'It holds rules of a device, and no release that would be delivered.',
  instead:
    'a plan, or a folder with a stack that npx cdktf synth wrote; cpanel-edge exposure shows what rules let through.',
});

const noSuchText = (device: string, owner: string | undefined, all: readonly OwnRelease[]): Problem => ({
  code: 'cli/no-such-text',
  where: owner === undefined ? device : `${owner} on ${device}`,
  what: `Nothing is delivered to it by what was read, ${all.length === 0 ? 'which has no release' : `which has ${named(all)}`}.`,
  instead: 'a device of these, as the intent names it; or the stack or plan that it is in.',
});

const severalOwners = (where: string, found: readonly OwnRelease[]): Problem => ({
  code: 'cli/several-owners',
  where,
  what: `Each owner has a text of its own there: ${named(found)}.`,
  instead: [...new Set(found.map(({ owner }) => `--owner ${printable(owner)}`))].join(', or '),
});

const severalTexts = (where: string): Problem => ({
  code: 'cli/several-texts',
  where,
  what: 'What was given says two things of it, as a plan does that was made before the stack was synthesized anew.',
  instead: 'one of them.',
});

const noSuchLine = ({ device, owner }: OwnRelease, line: number, there: number): Problem => ({
  code: 'cli/no-such-line',
  where: `line ${line} of ${owner} on ${device}`,
  what: `The text has ${there} ${there === 1 ? 'line' : 'lines'}.`,
  instead: 'the stack or plan that the finding is of; verify names lines of what runs on the device.',
});
