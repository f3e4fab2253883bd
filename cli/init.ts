// Command `init`: writes a new project: a stack with one gateway, one cPanel & WHM server and one public address, a
// test, review rules and a pipeline.
import { Command, Option } from 'commander';
import { Refusal, refuseIfAny } from '../lib/problems/problem';
import { findAcceptedIntents } from '../lib/project/project-intents';
import { QUESTIONS, ProjectAnswers, fillAnswers, toFlag } from '../lib/project/project-questions';
import { SEPARATE_STACKS, createProject } from '../lib/project/create-project';
import { askQuestions } from './ask-questions';
import { createHelpText } from './help-text';
import { findExistingFiles } from './import-files';
import {
  Provider,
  renderProjectFiles,
  formatMadeUp,
  formatNextSteps,
  createPipelineOption,
  writeAll,
} from './write-project';
import { parseFolder } from './option-values';

interface InitOptions extends Partial<ProjectAnswers> {
  readonly pipeline: Provider;
  readonly stacks: 'one' | 'apart';
  readonly yes?: boolean;
}

export const init = new Command('init')
  .description(
    'Writes a whole project: one gateway, one cPanel & WHM server, one public address, a test, review rules and a pipeline.',
  )
  .argument('[folder]', 'where it is written', parseFolder, '.');
for (const { key, text: questionText, choices, getDefault } of QUESTIONS) {
  // A key has no place where a line of 80 columns could break, so help shows only its beginning.
  const example = getDefault(fillAnswers({})).replace(/ AAAA.*/, ' …');
  const option = new Option(`${toFlag(key)} <text>`, `${questionText} (example: ${example})`);
  // This parser replaces commander's check of the choices: a wrong choice is refused together with all other problems.
  init.addOption(choices ? option.choices(choices).argParser((text) => text) : option);
}
init
  .addOption(createPipelineOption())
  .addOption(
    new Option(
      '--stacks <how>',
      'one has all; or apart: the gateways have one and the servers have one, each with its own state',
    )
      .choices(['one', 'apart'])
      .default('one'),
  )
  .option('-y, --yes', 'ask nothing: what is not given is an example')
  .addHelpText(
    'after',
    createHelpText(
      'On a terminal it asks for what is not given. Nothing is written over, and nothing is written where anything is wrong: exit status 2.',
    ),
  )
  .action(async (folder: string, { pipeline, stacks, yes, ...options }: InitOptions) => {
    const { stdin, stdout } = process;
    const isInteractive = yes !== true && stdin.isTTY && stdout.isTTY;
    const givenAnswers = isInteractive
      ? await askQuestions(options, checkIntent, { input: stdin, output: stdout })
      : options;
    const files = renderProjectFiles(
      createProject(fillAnswers(givenAnswers), stacks === 'apart' ? SEPARATE_STACKS : undefined),
      pipeline,
    );
    refuseIfAny(
      findExistingFiles(folder, files.keys(), 'another folder: nothing is written over, and nothing was written.'),
    );
    writeAll(folder, files);
    for (const line of [
      `Written to ${folder}: ${[...files.keys()].join(', ')}`,
      ...listMadeUp(givenAnswers),
      ...formatNextSteps(folder),
    ])
      stdout.write(`${line}\n`);
  });

function checkIntent(answers: Partial<ProjectAnswers>): Refusal['problems'] {
  try {
    findAcceptedIntents(fillAnswers(answers));
    return [];
  } catch (error) {
    if (error instanceof Refusal) return error.problems;
    throw error;
  }
}

function listMadeUp(givenAnswers: Partial<ProjectAnswers>): readonly string[] {
  const answers = fillAnswers(givenAnswers);
  const values = QUESTIONS.filter(({ key }) => key !== 'framework' && givenAnswers[key] === undefined).map(
    ({ key }) => `${toFlag(key).slice(2)} ${answers[key]}`,
  );
  return formatMadeUp('edge.ts, its test and the rules', values);
}
