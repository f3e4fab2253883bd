import { compileConnection } from '../intent/connection';
import { GatewayPolicyBuilder } from '../intent/gateway-policy-builder';
import {
  ConnectionIntent,
  CpanelFirewallProfileIntent,
  ExpandedGatewayIntent,
  OneToOneNatIntent,
  ServerIntent,
  VirtualIpIntent,
} from '../intent/intent';
import { ServerPolicyBuilder } from '../intent/server-policy-builder';
import { getNetwork, parseAddress, parseInterfaceAddress, toRange, printPrefix } from '../net/address';
import { contains } from '../net/range';
import { Problem, Refusal, collectProblems } from '../problems/problem';
import { findCompositionProblems } from '../verifier/composition-problems';
import { listVerificationProblems, verifyPolicy } from '../verifier/verify-policy';
import { knownPlatforms } from '../registry';
import { moveProblemToFlag } from './flag-problems';
import { ProjectAnswers, splitList } from './project-questions';

export const [GATEWAY, SERVER] = ['gw1', 'web1'];

/** A wish as its stack writes it. */
interface ProjectIntents {
  readonly gateway: ExpandedGatewayIntent;
  readonly gatewayConnection: ConnectionIntent;
  readonly server: ServerIntent;
  /** It is reached at its own address. */
  readonly serverConnection: Omit<ConnectionIntent, 'host'>;
  readonly profile: CpanelFirewallProfileIntent;
  readonly virtualIp: VirtualIpIntent;
  readonly mapping: OneToOneNatIntent;
}

/** Intents that synthesis takes, and what it would say without what isn't the default in them. */
export interface AcceptedIntents {
  readonly intents: ProjectIntents;
  readonly withoutPing: readonly Problem[];
  readonly withoutReflection: readonly Problem[];
}

type IntentChoice = Pick<OneToOneNatIntent, 'reflection'> & Pick<CpanelFirewallProfileIntent, 'ping'>;

/** From the default to what every platform can do; without reflection last, because cPanel needs to reach its own public address. */
const REFLECTIONS = [undefined, { mode: 'pure-nat', globalHelper: true }, { mode: 'disabled' }] as const;
const INTENT_CHOICES: readonly IntentChoice[] = ([{}, { ping: 'anywhere' }] as const).flatMap((ping) =>
  REFLECTIONS.map((reflection) => ({ ...ping, ...(reflection === undefined ? {} : { reflection }) })),
);

/** The first choice that synthesis takes. Throws the Refusal of what stands against all of them. */
export function findAcceptedIntents(answers: ProjectAnswers): AcceptedIntents {
  const refusals: (readonly Problem[])[] = [];
  for (const choice of INTENT_CHOICES) {
    const intents = createIntents(answers, choice);
    const problems = findProblems(intents);
    const { ping, reflection } = choice;
    const checkChoice = (other: IntentChoice): readonly Problem[] => findProblems(createIntents(answers, other));
    if (problems.length === 0) {
      return {
        intents,
        withoutPing: ping === undefined ? [] : checkChoice(reflection === undefined ? {} : { reflection }),
        withoutReflection: reflection === undefined ? [] : checkChoice(ping === undefined ? {} : { ping }),
      };
    }
    refusals.push(problems);
  }
  const [first, ...remaining] = refusals.map((problems) =>
    problems.map((problem) => moveProblemToFlag(problem, answers)),
  ) as [Problem[], ...Problem[][]];
  const always = first.filter((problem) =>
    remaining.every((problems) => problems.some((other) => isSameProblem(problem, other))),
  );
  throw new Refusal(dropDuplicates(always.length > 0 ? always : first));
}

function createIntents(answers: ProjectAnswers, { ping, reflection }: IntentChoice): ProjectIntents {
  const { owner, outsideInterface, outsideAddress, insideInterface, insideAddress, publicAddress, serverAddress } =
    answers;
  const gatewayAddress = parseInterfaceAddress(insideAddress);
  const routed = isElsewhere(publicAddress, outsideAddress) && isElsewhere(publicAddress, insideAddress);
  return {
    gateway: {
      device: GATEWAY,
      owner,
      platform: answers.gatewayPlatform,
      version: answers.gatewayVersion,
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
    gatewayConnection: { host: answers.gatewayHost, hostKeys: [answers.gatewayHostKey] },
    server: {
      device: SERVER,
      owner,
      platform: answers.serverPlatform,
      version: answers.serverVersion,
      // An inside address that can't be read is refused at its interface, once.
      addresses: [
        serverAddress.includes('/') || !gatewayAddress ? serverAddress : `${serverAddress}/${gatewayAddress.length}`,
      ],
      inside: gatewayAddress ? [printPrefix(getNetwork(gatewayAddress.address, gatewayAddress.length))] : 'none',
    },
    serverConnection: { hostKeys: [answers.serverHostKey] },
    profile: {
      name: 'web',
      services: splitList(answers.services),
      sources: 'anywhere',
      management: { from: splitList(answers.management), port: 22 },
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
  const [address, interfaceAddress] = [parseAddress(publicAddress), parseInterfaceAddress(outsideAddress)];
  return (
    address !== undefined &&
    interfaceAddress !== undefined &&
    !contains(toRange(getNetwork(interfaceAddress.address, interfaceAddress.length)), address)
  );
}

/** What synthesis would refuse; what a platform can't do, once everything else is right. */
function findProblems({
  gateway,
  gatewayConnection,
  server,
  serverConnection,
  profile,
  virtualIp,
  mapping,
}: ProjectIntents): readonly Problem[] {
  const [gatewayParts, serverParts] = [
    new GatewayPolicyBuilder('gateway', gateway, knownPlatforms),
    new ServerPolicyBuilder('server', server, knownPlatforms),
  ] as const;
  serverParts.addProfile('profile', profile);
  gatewayParts.addVirtualIp('virtual IP', virtualIp);
  gatewayParts.addServer('server', serverParts);
  gatewayParts.addOneToOneNat('mapping', mapping);
  const finished = [gatewayParts.build(), serverParts.build()];
  const problems = [
    ...compileConnection('gateway connection', gatewayConnection).problems,
    ...compileConnection('server connection', serverConnection as ConnectionIntent, { host: serverParts.defaultHost })
      .problems,
    ...finished.flatMap((compiled) => compiled.problems),
  ];
  if (problems.length > 0) return problems;
  const verifications = finished.flatMap(
    ({ policy }) =>
      collectProblems(problems, () => {
        const verification = verifyPolicy(policy!);
        problems.push(...listVerificationProblems(verification));
        return verification;
      }) ?? [],
  );
  return problems.length > 0 ? problems : findCompositionProblems(verifications);
}

const isSameProblem = (problem: Problem, other: Problem): boolean =>
  problem.code === other.code && problem.where === other.where && problem.what === other.what;

/** An address that is refused where it is used twice is said once. */
const dropDuplicates = (problems: readonly Problem[]): readonly Problem[] =>
  problems.filter((problem, i) => !problems.slice(0, i).some((other) => isSameProblem(problem, other)));
