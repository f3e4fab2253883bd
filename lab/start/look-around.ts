import { Lab } from '../lab';
import { ADDRESS } from '../topology';

/** How a person goes on with a lab that was left up. */
export function lookAround(lab: Lab, terraform: string): string {
  const stack = `${lab.folder}/stack/stacks/lab`;
  const edge = (...words: readonly string[]) => line(lab.at('operator', ['node', 'dist/cli/main.js', ...words, '--stack', stack]));
  const line = (argv: readonly string[]) => argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`)).join(' ');
  return `
The lab is still up.

  log in to the gateway        ${line(lab.at('operator', lab.sshArguments('edge1', 'root', [])))}
  log in to the server         ${line(lab.at('operator', lab.sshArguments('web1', 'root', [])))}
  be somebody on the internet  ${line(lab.at('internet', ['sh']))}
  ask a port from there        ${line(lab.at('internet', ['nmap', '-n', '-Pn', '-p', '443', ADDRESS.publicWeb1]))}
  ask Terraform                ${line(lab.at('operator', [terraform, `-chdir=${stack}`, 'state', 'list']))}
  why is a port not reached    ${edge('doctor', `${ADDRESS.publicWeb1}:443`)}
  what differs by now          ${edge('verify')}
  remove the lab               npm start -- --remove`;
}
