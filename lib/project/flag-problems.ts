// Rewrites problems of the intent that `cpanel-edge init` makes of command-line flags: names the flag instead of the
// place in the intent, and a value to type there.

import { PRESETS } from '../intent/data/presets';
import { parseAddress } from '../net/address';
import { Problem } from '../problems/problem';
import { ProjectAnswers, toFlag, splitList } from './project-questions';

/** The flag that fills a place of the intent. The first entry that the place begins with counts. */
const FLAG_LOCATIONS: readonly (readonly [place: string, key: keyof ProjectAnswers])[] = [
  ['gateway owner', 'owner'],
  ['server owner', 'owner'],
  ['gateway platform', 'gatewayPlatform'],
  ['gateway version', 'gatewayVersion'],
  ['gateway interfaces ', 'outsideInterface'],
  ['gateway interfaces[0].publicPrefixes', 'publicAddress'],
  ['gateway interfaces[0].name', 'outsideInterface'],
  ['gateway interfaces[0]', 'outsideAddress'],
  ['gateway interfaces[1].name', 'insideInterface'],
  ['gateway interfaces[1]', 'insideAddress'],
  ['gateway connection host ', 'gatewayHost'],
  ['gateway connection hostKeys', 'gatewayHostKey'],
  ['server platform', 'serverPlatform'],
  ['server version', 'serverVersion'],
  ['server addresses', 'serverAddress'],
  ['server inside', 'insideAddress'],
  ['server connection hostKeys', 'serverHostKey'],
  ['virtual IP', 'publicAddress'],
  ['mapping ', 'serverAddress'],
  ['profile services', 'services'],
  ['profile management', 'management'],
];

/** Returns the problem with the flag as its place, and with the text to type there instead. */
export function moveProblemToFlag(problem: Problem, answers: ProjectAnswers): Problem {
  const key = FLAG_LOCATIONS.find(([location]) => `${problem.where} `.startsWith(location))?.[1];
  if (key === undefined) return problem;
  const where = toFlag(problem.code === 'intent/duplicate' && key === 'insideAddress' ? 'insideInterface' : key);
  return { ...problem, where, instead: FLAG_REMEDIES[problem.code]?.(problem, where, answers) ?? problem.instead };
}

type Remedy = (problem: Problem, flag: string, wish: ProjectAnswers) => string;

const describeManagement: Remedy = () => "The operators' networks: --management 198.51.100.0/24.";

/** Remedies, by problem code, of problems whose own remedy can't be typed as a flag. */
const FLAG_REMEDIES: Readonly<Record<string, Remedy>> = {
  'intent/administrators-unset': ({ what }, flag, { services }) => {
    const name = splitList(services).find((service) => what.startsWith(`"${service}" `))!;
    if (name === 'ssh') return 'Nothing for it: --management says who reaches SSH.';
    const preset = [...PRESETS].find(
      ([, { administrators, inbound }]) => administrators === 'management' && inbound.some(([part]) => part === name),
    );
    if (preset) return `${flag} ${preset[0]}: it opens ${name} to the networks of --management alone.`;
    return `Nothing here: in edge.ts, once it is written, { service: '${name}', from: ['198.51.100.7'] } says who reaches it.`;
  },
  'intent/anywhere-in-list': describeManagement,
  'intent/everything-as-prefix': describeManagement,
  'intent/unknown-source-set': describeManagement,
  'intent/bad-host': (_, flag, answers) => {
    const [host] = /[^@/]*$/.exec(answers.gatewayHost)!;
    const name = parseAddress(host) ? host : host.replace(/:.*/, '');
    return name !== answers.gatewayHost && /^[a-z0-9]/i.test(name)
      ? `${flag} ${name}: user and port are said in edge.ts.`
      : `A name or an address: ${flag} 192.0.2.1.`;
  },
  'intent/public-on-other-interface': (_, flag) =>
    `The public address, one that the provider leads to the gateway: ${flag} 203.0.113.10.`,
  'intent/empty-text': (_, flag) => `A value between the commas, or no ${flag} at all.`,
};
