// Tests that an option of which only one value would count is refused if it is given twice, in every command.

import { Command } from 'commander';
import { createProgram } from '../../cli/commands';

/** Returns the options that a command parses from these words, without running it. */
async function given(name: string, ...words: readonly string[]): Promise<unknown> {
  const all = createProgram([name]);
  const command = all.commands.find((one) => one.name() === name)!;
  let options: unknown;
  jest.spyOn(command as unknown as { _actionHandler: unknown }, '_actionHandler' as never).mockImplementation((() => {
    options = command.opts();
  }) as never);
  await all.exitOverride().parseAsync([name, ...words], { from: 'user' });
  return options;
}

const everyCommand = (): readonly Command[] => createProgram([]).commands;

describe('an option that is given twice', () => {
  beforeEach(() => jest.spyOn(process.stderr, 'write').mockReturnValue(true));
  afterEach(() => jest.restoreAllMocks());

  it('is refused if only one of the two would count', async () => {
    for (const words of [
      ['--rules', 'a.json', '--rules', 'b.json'],
      ['--format', 'json', '--format', 'text'],
      ['--synthesized', 'a', '--synthesized', 'a'],
    ])
      await expect(given('review', ...words)).rejects.toThrow(
        /^cli\/bad-argument at cpanel-edge review: Option '--\S+ <\S+>' argument '\S+' is invalid\. It is given twice, and only one of the two would count\.\n/,
      );
    await expect(given('verify', '--user', 'a', '--user', 'b')).rejects.toThrow(/given twice/);
  });

  it('counts each time if several are allowed', async () => {
    expect(await given('review', '--fail-on', 'opened', '--fail-on', 'unknown,closed')).toMatchObject({
      failOn: ['opened', 'unknown', 'closed'],
    });
    expect(await given('exposure', '--to', '192.0.2.1', '--to', '192.0.2.2')).toMatchObject({
      to: ['192.0.2.1', '192.0.2.2'],
    });
    expect(await given('verify', '--json')).toMatchObject({ json: true });
  });

  it('keeps nothing from an earlier call', async () => {
    await given('review', '--rules', 'a.json');
    expect(await given('review', '--rules', 'b.json')).toMatchObject({ rules: 'b.json' });
  });

  it('is checked in every command', () => {
    const unheard = everyCommand().flatMap((command) =>
      command.options
        .filter(({ required, parseArg }) => required && parseArg === undefined)
        .map(({ long }) => `${command.name()} ${long}`),
    );
    expect(unheard).toEqual([]);
  });
});
