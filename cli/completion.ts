// Command `completion`: prints the script with which bash, zsh or fish completes commands, options and values.
import { Argument, Command } from 'commander';
import { SCRIPTS } from './completion-scripts';
import { createHelpText } from './help-text';

export const completion = new Command('completion')
  .description('Prints the script with which a shell completes commands, options and their values.')
  .addArgument(new Argument('<shell>', 'for which').choices(Object.keys(SCRIPTS)))
  .addHelpText(
    'after',
    createHelpText(
      'In ~/.bashrc:\n  source <(cpanel-edge completion bash)\n' +
        'In ~/.zshrc, below compinit:\n  source <(cpanel-edge completion zsh)\n' +
        'For fish, once:\n  cpanel-edge completion fish > ~/.config/fish/completions/cpanel-edge.fish',
    ),
  )
  .action((shell: keyof typeof SCRIPTS) => {
    process.stdout.write(SCRIPTS[shell]);
  });
