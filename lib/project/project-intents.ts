// Creates the intents of a new project from the answers to `init`: a gateway, a server, a profile, a virtual IP and a
// mapping, with the first choice of ping and reflection that synthesis accepts.

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
import { describeUnknownChoice } from '../intent/problems/field-problems';
import { ServerPolicyBuilder } from '../intent/server-policy-builder';
import { getNetwork, parseAddress, parseInterfaceAddress, toRange, printPrefix } from '../net/address';
import { contains } from '../net/range';
import { Problem, Refusal, collectProblems } from '../problems/problem';
import { FRAMEWORK_NAMES, FrameworkName } from '../report/render-stack-source';
import { findCompositionProblems } from '../verifier/composition-problems';
import { listVerificationProblems, verifyPolicy } from '../verifier/verify-policy';
import { knownPlatforms } from '../registry';
import { moveProblemToFlag } from './flag-problems';
import { ProjectAnswers, splitList, toFlag } from './project-questions';

export const [GATEWAY, SERVER] = ['gw1', 'web1'];

/** The intents of a new project, as its stack writes them. */
interface ProjectIntents {
  readonly gateway: ExpandedGatewayIntent;
  readonly gatewayConnection: ConnectionIntent;
  readonly server: ServerIntent;
  /** The host is missing: the server is reached at its own address. */
  readonly serverConnection: Omit<ConnectionIntent, 'host'>;
  readonly profile: CpanelFirewallProfileIntent;
  readonly virtualIp: VirtualIpIntent;
  readonly mapping: OneToOneNatIntent;
}

/** Intents that synthesis accepts, with the framework of their stack, and its problems if a choice that isn't the default is left out. */
export interface AcceptedIntents {
  readonly intents: ProjectIntents;
  readonly framework: FrameworkName;
  readonly withoutPing: readonly Problem[];
  readonly withoutReflection: readonly Problem[];
}

type IntentChoice = Pick<OneToOneNatIntent, 'reflection'> & Pick<CpanelFirewallProfileIntent, 'ping'>;

/**
 * The choices from the default to what every platform can do. No reflection comes last, because cPanel needs to reach
 * its own public address.
 */
const REFLECTIONS = [undefined, { mode: 'pure-nat', globalHelper: true }, { mode: 'disabled' }] as const;
const INTENT_CHOICES: readonly IntentChoice[] = ([{}, { ping: 'anywhere' }] as const).flatMap((ping) =>
  REFLECTIONS.map((reflection) => ({ ...ping, ...(reflection === undefined ? {} : { reflection }) })),
);

/**
 * Returns the intents of the first choice that synthesis accepts.
 *
 * @throws Refusal with the problems that all choices have, or with those of the first choice
 */
export function findAcceptedIntents(answers: ProjectAnswers): AcceptedIntents {
  const framework = FRAMEWORK_NAMES.find((name) => name === answers.framework);
  const frameworkProblems = framework
    ? []
    : [describeUnknownChoice(toFlag('framework'), answers.framework, FRAMEWORK_NAMES)];
  const refusals: (readonly Problem[])[] = [];
  for (const choice of INTENT_CHOICES) {
    const intents = createIntents(answers, choice);
    const problems = findProblems(intents);
    const { ping, reflection } = choice;
    const checkChoice = (other: IntentChoice): readonly Problem[] => findProblems(createIntents(answers, other));
    if (problems.length === 0) {
      if (!framework) throw new Refusal(frameworkProblems);
      return {
        intents,
        framework,
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
  throw new Refusal([...frameworkProblems, ...dropDuplicates(always.length > 0 ? always : first)]);
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
      // An inside address that can't be parsed is refused at its interface, once.
      addresses: [
        serverAddress.includes('/') || !gatewayAddress ? serverAddress : `${serverAddress}/${gatewayAddress.length}`,
      ],
      trustedNetworks: gatewayAddress
        ? [printPrefix(getNetwork(gatewayAddress.address, gatewayAddress.length))]
        : 'none',
    },
    serverConnection: { hostKeys: [answers.serverHostKey] },
    profile: {
      name: 'web',
      services: splitList(answers.services),
      sources: 'anywhere',
      management: { from: splitList(answers.management), port: 22 },
      ...(ping === undefined ? {} : { ping }),
    },
    // `publish` creates no virtual IP for a routed address. Untranslated packets to it are dropped as with this one.
    virtualIp: { name: `vip-${SERVER}`, address: publicAddress, ...(routed ? { kind: 'other' } : {}) },
    mapping: {
      name: `nat-${SERVER}`,
      virtualIp: `vip-${SERVER}`,
      internal: { server: SERVER },
      ...(reflection === undefined ? {} : { reflection }),
    },
  };
}

/**
 * Whether the public address is outside of the interface's network, so that a route must bring it. A text that can't be
 * parsed is refused elsewhere.
 */
function isElsewhere(publicAddress: string, outsideAddress: string): boolean {
  const [address, interfaceAddress] = [parseAddress(publicAddress), parseInterfaceAddress(outsideAddress)];
  return (
    address !== undefined &&
    interfaceAddress !== undefined &&
    !contains(toRange(getNetwork(interfaceAddress.address, interfaceAddress.length)), address)
  );
}

/** Returns the problems of synthesis. The platforms' own limits are checked only if the intents have no problem. */
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

/** Drops duplicates: an address that is used twice is refused twice. */
const dropDuplicates = (problems: readonly Problem[]): readonly Problem[] =>
  problems.filter((problem, i) => !problems.slice(0, i).some((other) => isSameProblem(problem, other)));
