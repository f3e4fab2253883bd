import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command, Option } from 'commander';
import { Refusal } from '../lib/problems/problem';
import { Pipeline, projectFiles } from '../lib/project/files';
import { settled } from '../lib/project/intents';
import { QUESTIONS, Wish, completed, flagOf } from '../lib/project/wish';
import { answered } from './ask';
import { made, refuseThere } from './import-files';
import { packaged, version } from './version';
import { writeWhole } from './whole-file';

/** Where each provider looks for its workflow. */
const PIPELINES = { github: '.github/workflows/cpanel-edge.yml', gitlab: '.gitlab-ci.yml' } as const;

interface Options extends Partial<Wish> {
  readonly pipeline: keyof typeof PIPELINES | 'none';
  readonly yes?: boolean;
}

export const init = new Command('init')
  .description('Writes a whole project: one gateway, one cPanel & WHM server, one public address, a test, review rules and a pipeline.')
  .argument('[folder]', 'where it is written', '.');
for (const { key, asks, choices, otherwise } of QUESTIONS) {
  const option = new Option(`${flagOf(key)} <text>`, `${asks} (made up: ${otherwise(completed({}))})`);
  // What is no choice is refused with all else that is wrong.
  init.addOption(choices ? option.choices(choices).argParser((text) => text) : option);
}
init
  .addOption(
    new Option('--pipeline <provider>', 'the workflow that reviews and applies')
      .choices([...Object.keys(PIPELINES), 'none'])
      .default('github'),
  )
  .option('-y, --yes', 'ask nothing: what is not given is made up')
  .addHelpText(
    'after',
    '\nOn a terminal it asks for what is not given. Nothing is written over, and nothing is written where anything is wrong: exit status 2.',
  )
  .action(async (folder: string, { pipeline, yes, ...given }: Options) => {
    const { stdin, stdout } = process;
    const asks = yes !== true && stdin.isTTY && stdout.isTTY;
    const wish = asks ? await answered(given, wrongIn, { input: stdin, output: stdout }) : given;
    const files = projectFiles(completed(wish), version(), workflow(pipeline));
    refuseThere(folder, [...files.keys()], 'another folder: nothing is written over, and nothing was written.');
    writeAll(folder, files);
    for (const line of [`Written to ${folder}: ${[...files.keys()].join(', ')}`, ...madeUp(wish), ...NEXT]) stdout.write(`${line}\n`);
  });

function wrongIn(known: Partial<Wish>): Refusal['problems'] {
  try {
    settled(completed(known));
    return [];
  } catch (error) {
    if (error instanceof Refusal) return error.problems;
    throw error;
  }
}

const workflow = (provider: Options['pipeline']): Pipeline | undefined =>
  provider === 'none' ? undefined : { path: PIPELINES[provider], text: packaged(`pipelines/${provider}/cpanel-edge.yml`) };

/** All, or none of them. */
function writeAll(folder: string, files: ReadonlyMap<string, string>): void {
  const written: string[] = [];
  try {
    for (const [name, text] of files) {
      const path = join(folder, name);
      made(dirname(path));
      writeWhole(path, text);
      written.push(path);
    }
  } catch (error) {
    for (const path of written) rmSync(path, { force: true });
    throw error;
  }
}

function madeUp(given: Partial<Wish>): readonly string[] {
  const wish = completed(given);
  const values = QUESTIONS.filter(({ key }) => given[key] === undefined).map(({ key }) => `${flagOf(key).slice(2)} ${wish[key]}`);
  return values.length === 0
    ? []
    : ['Made up, so change it in edge.ts, its test and the rules before anything is delivered:', ...values.map((value) => `  ${value}`)];
}

const NEXT = ['Next, in that folder: npm install; npm test; npm run plan; npm run review'];
