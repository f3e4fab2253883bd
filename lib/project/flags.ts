import { PRESETS } from '../intent/data/presets';
import { parseAddress } from '../net/address';
import { Problem } from '../problems/problem';
import { Wish, flagOf, listed } from './wish';

/** Which flag a place of the intent is filled from: the first that it begins with. */
const PLACES: readonly (readonly [place: string, key: keyof Wish])[] = [
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

/** Where it is typed, and what to type there instead. */
export function atItsFlag(problem: Problem, wish: Wish): Problem {
  const key = PLACES.find(([place]) => `${problem.where} `.startsWith(place))?.[1];
  if (key === undefined) return problem;
  const where = flagOf(problem.code === 'intent/duplicate' && key === 'insideAddress' ? 'insideInterface' : key);
  return { ...problem, where, instead: TYPED[problem.code]?.(problem, where, wish) ?? problem.instead };
}

type Remedy = (problem: Problem, flag: string, wish: Wish) => string;

const operators: Remedy = () => "The operators' networks: --management 198.51.100.0/24.";

/** Of what an intent says otherwise than a flag can. */
const TYPED: Readonly<Record<string, Remedy>> = {
  'intent/administrators-unset': ({ what }, flag, { services }) => {
    const name = listed(services).find((one) => what.startsWith(`"${one}" `))!;
    if (name === 'ssh') return 'Nothing for it: --management says who reaches SSH.';
    const preset = [...PRESETS].find(
      ([, { administrators, inbound }]) => administrators === 'management' && inbound.some(([part]) => part === name),
    );
    if (preset) return `${flag} ${preset[0]}: it opens ${name} to the networks of --management alone.`;
    return `Nothing here: in edge.ts, once it is written, { service: '${name}', from: ['198.51.100.7'] } says who reaches it.`;
  },
  'intent/anywhere-in-list': operators,
  'intent/everything-as-prefix': operators,
  'intent/unknown-source-set': operators,
  'intent/bad-host': (_, flag, wish) => {
    const [host] = /[^@/]*$/.exec(wish.gatewayHost)!;
    const name = parseAddress(host) ? host : host.replace(/:.*/, '');
    return name !== wish.gatewayHost && /^[a-z0-9]/i.test(name)
      ? `${flag} ${name}: user and port are said in edge.ts.`
      : `A name or an address: ${flag} 192.0.2.1.`;
  },
  'intent/public-on-other-interface': (_, flag) =>
    `The public address, one that the provider leads to the gateway: ${flag} 203.0.113.10.`,
  'intent/empty-text': (_, flag) => `A value between the commas, or no ${flag} at all.`,
};
