import { Problem } from '../lib/problems/problem';

export const noCommand: Problem = {
  code: 'constructs/no-command',
  where: 'this package',
  what: 'Terraform starts its command by a path, and there is none where it is: in an archive of Yarn’s Plug’n’Play, or bundled into another program.',
  instead:
    'nodeLinker: node-modules in .yarnrc.yml, and cpanel-edge left out of the bundle; or CPANEL_EDGE in the environment of synth and apply, with the command that starts it.',
};
