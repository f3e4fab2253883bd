import { Command } from 'commander';
import { look } from '../driver/look';
import { assumedFacts, proveLive } from '../driver/prove';
import { withSsh } from '../driver/ssh';
import { verified } from '../driver/verify';
import { TargetOptions, targetOf, withTarget } from './target';

/** A device's text may hold what turns a terminal's line around; the same JSON says it in escapes. */
const json = (value: object): string =>
  JSON.stringify(value, null, 2).replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

interface Options extends TargetOptions {
  readonly json?: boolean;
}

export const verify = withTarget(new Command('verify'))
  .description(
    'Says what a device runs now: state, release, owner, lease, whether somebody edited the rules, and whether it is what the stack says.',
  )
  .argument('[device]', 'its name in the intent; default: the only one there is')
  .option('--json', 'everything that was read, as JSON')
  .addHelpText(
    'after',
    '\nExit status: 0 the device runs the release of the stack, confirmed and proven (with --connection: nothing is edited, absent or on its way);\n' +
      '1 it differs: another release, edited, absent, on trial, or not proven; 2 it could not be asked, or wrong use.',
  )
  .action(async (name: string | undefined, options: Options) => {
    const { device, connection, holders, project } = targetOf(name, undefined, options);
    const seen = await withSsh(connection, process.env, (remote) => look(remote, { device, project }));
    const { same, lines } = verified(seen, device, holders, project, { assumed: assumedFacts, prove: proveLive });
    process.stdout.write(options.json ? `${json({ device, same, ...seen })}\n` : lines.map((line) => `${line}\n`).join(''));
    if (!same) process.exitCode = 1;
  });
