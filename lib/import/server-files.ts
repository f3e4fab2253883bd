import { inline, code } from '../printing/escape';
import { counted } from '../exposure/words';
import { outcomeOf } from './changes';
import { identifier, nameless, plain } from './environment';
import { exposureLines, list, section, synthesisLines } from './report';
import { ImportedServer } from './server';
import { Noted } from './server-draft';
import { Expression, broken } from '../printing/typescript';

/** The profile and the server as a project's stack hands them to CpanelFirewallProfile and CpanelServer. */
export function serverText({ profile, server }: ImportedServer, report: string): string {
  const { device, ...rest } = server;
  const name = identifier(device);
  const [first] = server.interfaces!.flatMap(({ addresses }) => addresses);
  const { port } = profile.management;
  const host = { host: first!.split('/')[0]!, ...(port === 22 ? {} : { port }) };
  const connection = { ...host, user: 'root', hostKeys: new Expression('HOST_KEYS') };
  return [
    "import type { CpanelFirewallProfileProps, CpanelServerProps } from 'cpanel-edge';",
    '',
    '// As /etc/ssh/ssh_host_*_key.pub on the server has them, from its console: without one, synthesis refuses.',
    'const HOST_KEYS: readonly string[] = [];',
    '',
    `/** What was open on ${device}. What differs, and why, says ${report}. */`,
    `export const ${name}Profile: CpanelFirewallProfileProps = ${broken(nameless(profile), '')};`,
    '',
    `export const ${name}: Omit<CpanelServerProps, 'profile'> = ${broken({ device, ...plain(rest), connection }, '')};`,
    '',
  ].join('\n');
}

/** What a person has to know of it, in Markdown. */
export function serverReport(
  { server, profile, left, widened, changes, refused }: ImportedServer,
  from: string,
  file: string,
  assumed: readonly string[],
): string {
  const name = identifier(server.device);
  return [
    `# Import of ${code(from)} as ${server.device}`,
    '',
    `In ${code(file)}: a profile with ${counted(profile.services.length, 'service')}, and the server for ${server.platform}.`,
    '',
    ...section('Exposure', exposureLines(changes, OUTCOMES[outcomeOf(changes)])),
    ...(assumed.length === 0 ? [] : section('Assumed', list(assumed.map(inline)))),
    ...section('Carried over as more than it is', widened.length === 0 ? ['Nothing.'] : list(widened.map(reason))),
    ...section('Not carried over', left.length === 0 ? ['Nothing.'] : list(left.map(reason))),
    ...section('Synthesis', synthesisLines(refused)),
    ...section('Next', [
      ...list([
        `the host keys in ${code(file)}, and whether it says what is meant: a firewall that grew holds more than anybody wants`,
        `in a stack: ${code(`new CpanelServer(this, '${server.device}', { ...${name}, profile: new CpanelFirewallProfile(this, '${server.device}-profile', ${name}Profile) })`)}`,
        'deliver it: the rules that run now stay beside it, and drop what they drop where they are asked',
        `where they are another program’s than ${server.platform}, take it away: stop and disable its service, then look with ${code('cpanel-edge verify')}`,
      ]),
    ]),
  ].join('\n');
}

const reason = ({ packets, why }: Noted): string => `${code(packets)}: ${inline(why)}`;

const OUTCOMES = {
  unchanged: 'Unchanged: the profile lets in and out what the running rules do.',
  differs: 'With the profile, in place of the running rules:',
  undecided: 'Nothing is known to differ, and whether nothing does can not be decided: read what follows.',
};
