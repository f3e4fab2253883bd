interface Arguments {
  /** Nothing is asked: on request, and where nobody could answer. */
  readonly yes: boolean;
  readonly task: 'show' | 'keep' | 'remove' | 'help';
}

export const USAGE = `npm start [-- --yes] [-- --keep | --remove]

Builds a small internet on this machine, deploys the stack "lab" into it with Terraform, asks every port and shows that
what was observed is what was proven; then removes it all.

  --yes      install what is missing without asking (also with CI=true, and without a terminal nothing is asked either way)
  --keep     leave the lab up, and say how to look around
  --remove   remove a lab that was kept
`;

export function parseArguments(argv: readonly string[], ci: string | undefined): Arguments | { readonly wrong: string } {
  const wrong = argv.find((word) => !['--yes', '--keep', '--remove', '--help'].includes(word));
  if (wrong !== undefined) return { wrong };
  const tasks = (['keep', 'remove', 'help'] as const).filter((task) => argv.includes(`--${task}`));
  if (tasks.length > 1) return { wrong: tasks.map((task) => `--${task}`).join(' with ') };
  return { yes: argv.includes('--yes') || Boolean(ci && ci !== 'false'), task: tasks[0] ?? 'show' };
}
