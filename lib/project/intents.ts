import { compileConnection } from '../intent/connection';
import { GatewayParts } from '../intent/gateway-parts';
import {
  ConnectionIntent,
  CpanelFirewallProfileIntent,
  GatewayIntentWhole,
  OneToOneNatIntent,
  ServerIntent,
  VirtualIpIntent,
} from '../intent/intent';
import { ServerParts } from '../intent/server-parts';
import { networkOf, parseAddress, parseInterfaceAddress, prefixRange, printPrefix } from '../net/address';
import { contains } from '../net/range';
import { Problem, Refusal, collecting } from '../problems/problem';
import { compositionProblems } from '../verifier/composition';
import { proofProblems, prove } from '../verifier/prove';
import { knownPlatforms } from '../registry';
import { atItsFlag } from './flags';
import { Wish, listed } from './wish';

export const [GATEWAY, SERVER] = ['gw1', 'web1'];

/** A wish as its stack writes it. */
interface Intents {
  readonly gateway: GatewayIntentWhole;
  readonly gatewayConnection: ConnectionIntent;
  readonly server: ServerIntent;
  /** It is reached at its own address. */
  readonly serverConnection: Omit<ConnectionIntent, 'host'>;
  readonly profile: CpanelFirewallProfileIntent;
  readonly virtualIp: VirtualIpIntent;
  readonly mapping: OneToOneNatIntent;
}

/** Intents that synthesis takes, and what it would say without what isn't the default in them. */
export interface Settled {
  readonly intents: Intents;
  readonly withoutPing: readonly Problem[];
  readonly withoutReflection: readonly Problem[];
}

type Choice = Pick<OneToOneNatIntent, 'reflection'> & Pick<CpanelFirewallProfileIntent, 'ping'>;

/** From the default to what every platform can do; without reflection last, because cPanel needs to reach its own public address. */
const REFLECTIONS = [undefined, { mode: 'pure-nat', globalHelper: true }, { mode: 'disabled' }] as const;
const CHOICES: readonly Choice[] = ([{}, { ping: 'anywhere' }] as const).flatMap((ping) =>
  REFLECTIONS.map((reflection) => ({ ...ping, ...(reflection === undefined ? {} : { reflection }) })),
);

/** The first choice that synthesis takes. Throws the Refusal of what stands against all of them. */
export function settled(wish: Wish): Settled {
  const refused: (readonly Problem[])[] = [];
  for (const choice of CHOICES) {
    const intents = intentsOf(wish, choice);
    const problems = problemsOf(intents);
    const { ping, reflection } = choice;
    const refusedWith = (other: Choice): readonly Problem[] => problemsOf(intentsOf(wish, other));
    if (problems.length === 0) {
      return {
        intents,
        withoutPing: ping === undefined ? [] : refusedWith(reflection === undefined ? {} : { reflection }),
        withoutReflection: reflection === undefined ? [] : refusedWith(ping === undefined ? {} : { ping }),
      };
    }
    refused.push(problems);
  }
  const [first, ...others] = refused.map((problems) => problems.map((problem) => atItsFlag(problem, wish))) as [
    Problem[],
    ...Problem[][],
  ];
  const always = first.filter((one) => others.every((problems) => problems.some((other) => isSame(one, other))));
  throw new Refusal(once(always.length > 0 ? always : first));
}

function intentsOf(wish: Wish, { ping, reflection }: Choice): Intents {
  const { owner, outsideInterface, outsideAddress, insideInterface, insideAddress, publicAddress, serverAddress } =
    wish;
  const own = parseInterfaceAddress(insideAddress);
  const routed = isElsewhere(publicAddress, outsideAddress) && isElsewhere(publicAddress, insideAddress);
  return {
    gateway: {
      device: GATEWAY,
      owner,
      platform: wish.gatewayPlatform,
      version: wish.gatewayVersion,
      interfaces: [
        {
          name: outsideInterface,
          role: 'outside',
          addresses: [outsideAddress],
          ...(routed ? { publicPrefixes: [{ prefix: publicAddress, delivery: 'routed' }] } : {}),
        },
        { name: insideInterface, role: 'inside', addresses: [insideAddress] },
      ],
    },
    gatewayConnection: { host: wish.gatewayHost, hostKeys: [wish.gatewayHostKey] },
    server: {
      device: SERVER,
      owner,
      platform: wish.serverPlatform,
      version: wish.serverVersion,
      // An inside address that can't be read is refused at its interface, once.
      addresses: [serverAddress.includes('/') || !own ? serverAddress : `${serverAddress}/${own.length}`],
      inside: own ? [printPrefix(networkOf(own.address, own.length))] : 'none',
    },
    serverConnection: { hostKeys: [wish.serverHostKey] },
    profile: {
      name: 'web',
      services: listed(wish.services),
      sources: 'anywhere',
      management: { from: listed(wish.management), port: 22 },
      ...(ping === undefined ? {} : { ping }),
    },
    // Of a routed address `publish` makes none, and what reaches it untranslated is dropped as with this one.
    virtualIp: { name: `vip-${SERVER}`, address: publicAddress, ...(routed ? { kind: 'other' } : {}) },
    mapping: {
      name: `nat-${SERVER}`,
      virtualIp: `vip-${SERVER}`,
      inside: { server: SERVER },
      ...(reflection === undefined ? {} : { reflection }),
    },
  };
}

/** What is in no network of the gateway's comes by a route. What can't be parsed is refused where it is read. */
function isElsewhere(publicAddress: string, outsideAddress: string): boolean {
  const [address, own] = [parseAddress(publicAddress), parseInterfaceAddress(outsideAddress)];
  return (
    address !== undefined && own !== undefined && !contains(prefixRange(networkOf(own.address, own.length)), address)
  );
}

/** What synthesis would refuse; what a platform can't do, once everything else is right. */
function problemsOf({
  gateway,
  gatewayConnection,
  server,
  serverConnection,
  profile,
  virtualIp,
  mapping,
}: Intents): readonly Problem[] {
  const [before, behind] = [
    new GatewayParts('gateway', gateway, knownPlatforms),
    new ServerParts('server', server, knownPlatforms),
  ] as const;
  behind.addProfile('profile', profile);
  before.addVirtualIp('virtual IP', virtualIp);
  before.addServer('server', behind);
  before.addOneToOneNat('mapping', mapping);
  const finished = [before.finish(), behind.finish()];
  const problems = [
    ...compileConnection('gateway connection', gatewayConnection).problems,
    ...compileConnection('server connection', serverConnection as ConnectionIntent, { host: behind.host }).problems,
    ...finished.flatMap((one) => one.problems),
  ];
  if (problems.length > 0) return problems;
  const proofs = finished.flatMap(
    ({ policy }) =>
      collecting(problems, () => {
        const proof = prove(policy!);
        problems.push(...proofProblems(proof));
        return proof;
      }) ?? [],
  );
  return problems.length > 0 ? problems : compositionProblems(proofs);
}

const isSame = (one: Problem, other: Problem): boolean =>
  one.code === other.code && one.where === other.where && one.what === other.what;

/** An address that is refused where it is used twice is said once. */
const once = (problems: readonly Problem[]): readonly Problem[] =>
  problems.filter((one, i) => !problems.slice(0, i).some((other) => isSame(one, other)));
