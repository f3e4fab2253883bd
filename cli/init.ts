import { Command, Option } from 'commander';
import { Refusal, refuseIfAny } from '../lib/problems/problem';
import { settled } from '../lib/project/intents';
import { QUESTIONS, Wish, completed, flagOf } from '../lib/project/wish';
import { APART, fromWish } from '../lib/project/from-wish';
import { answered } from './ask';
import { below } from './help';
import { filesThere } from './import-files';
import { Provider, filesOf, madeUp, next, pipelineOption, writeAll } from './new-project';
import { folderWord } from './words';

interface Options extends Partial<Wish> {
  readonly pipeline: Provider;
  readonly stacks: 'one' | 'apart';
  readonly yes?: boolean;
}

export const init = new Command('init')
  .description(
    'Writes a whole project: one gateway, one cPanel & WHM server, one public address, a test, review rules and a pipeline.',
  )
  .argument('[folder]', 'where it is written', folderWord, '.');
for (const { key, asks, choices, otherwise } of QUESTIONS) {
  // A key has nothing at which 80 columns could break it.
  const made = otherwise(completed({})).replace(/ AAAA.*/, ' …');
  const option = new Option(`${flagOf(key)} <text>`, `${asks} (made up: ${made})`);
  // What is no choice is refused with all else that is wrong.
  init.addOption(choices ? option.choices(choices).argParser((text) => text) : option);
}
init
  .addOption(pipelineOption())
  .addOption(
    new Option(
      '--stacks <how>',
      'one has all; or apart: the gateways have one and the servers have one, each with its own state',
    )
      .choices(['one', 'apart'])
      .default('one'),
  )
  .option('-y, --yes', 'ask nothing: what is not given is made up')
  .addHelpText(
    'after',
    below(
      'On a terminal it asks for what is not given. Nothing is written over, and nothing is written where anything is wrong: exit status 2.',
    ),
  )
  .action(async (folder: string, { pipeline, stacks, yes, ...given }: Options) => {
    const { stdin, stdout } = process;
    const asks = yes !== true && stdin.isTTY && stdout.isTTY;
    const wish = asks ? await answered(given, wrongIn, { input: stdin, output: stdout }) : given;
    const files = filesOf(fromWish(completed(wish), stacks === 'apart' ? APART : undefined), pipeline);
    refuseIfAny(filesThere(folder, files.keys(), 'another folder: nothing is written over, and nothing was written.'));
    writeAll(folder, files);
    for (const line of [`Written to ${folder}: ${[...files.keys()].join(', ')}`, ...madeUpIn(wish), ...next(folder)])
      stdout.write(`${line}\n`);
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

function madeUpIn(given: Partial<Wish>): readonly string[] {
  const wish = completed(given);
  const values = QUESTIONS.filter(({ key }) => given[key] === undefined).map(
    ({ key }) => `${flagOf(key).slice(2)} ${wish[key]}`,
  );
  return madeUp('edge.ts, its test and the rules', values);
}
