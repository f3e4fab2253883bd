// Creates the program `cpanel-edge` for the words that are typed: loads the command that the first word names, or all
// commands for the help.
import { Command, InvalidArgumentError } from 'commander';
import { Refusal } from '../lib/problems/problem';
import { refuseMisuse } from './command-errors';
import { getVersion } from './package-files';

/* eslint-disable @typescript-eslint/no-require-imports -- each of these is a file of this package */
/**
 * The commands by name. A command is loaded only if it is called: Terraform starts `deliver` for every release, and
 * that needs little of the rest.
 */
const COMMANDS: Readonly<Record<string, () => Command>> = {
  init: () => (require('./init') as typeof import('./init')).init,
  review: () => (require('./review') as typeof import('./review')).review,
  exposure: () => (require('./exposure') as typeof import('./exposure')).exposure,
  text: () => (require('./text') as typeof import('./text')).text,
  explain: () => (require('./explain') as typeof import('./explain')).explain,
  verify: () => (require('./verify') as typeof import('./verify')).verify,
  doctor: () => (require('./doctor') as typeof import('./doctor')).doctor,
  capture: () => (require('./capture') as typeof import('./capture')).capture,
  import: () => (require('./import') as typeof import('./import')).importCommand,
  accept: () => (require('./accept') as typeof import('./accept')).accept,
  forget: () => (require('./forget') as typeof import('./forget')).forget,
  remove: () => loadRemove().createRemoveCommand('remove'),
  bootstrap: () => (require('./bootstrap') as typeof import('./bootstrap')).bootstrap,
  deliver: () => (require('./deliver') as typeof import('./deliver')).deliver,
  completion: () => (require('./completion') as typeof import('./completion')).completion,
};

/** Commands that no help lists: the scripts of `completion` call one; plans have the former name of `remove`. */
const HIDDEN: typeof COMMANDS = {
  retract: () => loadRemove().createRemoveCommand('retract'),
  complete: () => (require('./complete') as typeof import('./complete')).createCompleteCommand(() => createProgram([])),
};
const loadRemove = (): typeof import('./remove') => require('./remove') as typeof import('./remove');
const loadOtherTools = (): typeof import('./suggest-command') =>
  require('./suggest-command') as typeof import('./suggest-command');
/* eslint-enable @typescript-eslint/no-require-imports */

/**
 * Makes a command refuse an option that is given twice. commander takes the last one and forgets the first. The first
 * may be the one that was to decide: review rules. An option that collects a list keeps both.
 */
function refuseRepeated(command: Command): Command {
  for (const option of command.options.filter(({ required }) => required)) {
    const parse = option.parseArg;
    option.argParser((text: string, before: unknown): unknown => {
      if (command.getOptionValueSource(option.attributeName()) === 'cli' && !Array.isArray(before))
        throw new InvalidArgumentError('It is given twice, and only one of the two would count.');
      return parse === undefined ? text : parse(text, before);
    });
  }
  return command;
}

/**
 * Returns the program with the command that the first word names. It has all commands if the first word is `help`, or
 * names none.
 *
 * @throws Refusal cli/no-such-command for a word of another tool, with our command for it, and for help on an unknown
 * command.
 */
export function createProgram([first = '', second]: readonly string[]): Command {
  const root = new Command('cpanel-edge')
    .description('Gives public addresses to cPanel & WHM servers behind a firewall, and proves what that exposes.')
    .version(getVersion())
    // The list of commands keeps to 80 columns, too. commander doesn't wrap a text with less room than this. Its
    // default is 40.
    .configureHelp({ minWidthToWrap: 20 });
  refuseMisuse(root);
  const loadCommand = (load: () => Command): Command => refuseMisuse(refuseRepeated(load()));
  if (Object.hasOwn(HIDDEN, first)) return root.addCommand(loadCommand(HIDDEN[first]!), { hidden: true });
  if (Object.hasOwn(COMMANDS, first)) return root.addCommand(loadCommand(COMMANDS[first]!));
  if (first === 'help' && second !== undefined && !second.startsWith('-') && !Object.hasOwn(COMMANDS, second))
    throw new Refusal([loadOtherTools().explainNoHelp(second, Object.keys(COMMANDS))]);
  const otherCommand = loadOtherTools().findOtherCommand(first, [...Object.keys(COMMANDS), 'help']);
  if (otherCommand) throw new Refusal([otherCommand]);
  for (const load of Object.values(COMMANDS)) root.addCommand(loadCommand(load));
  return root;
}
