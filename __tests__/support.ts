// Reads the cases of __tests__/cases (intents, truth files and goldens), compiles their intents for every platform, and
// compares texts with golden files.

import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { GatewayPolicyBuilder } from '../lib/intent/gateway-policy-builder';
import {
  CpanelFirewallProfileIntent,
  GatewayIntent,
  NatReflectionIntent,
  OneToOneNatIntent,
  ServerIntent,
  VirtualIpIntent,
} from '../lib/intent/intent';
import { ServerPolicyBuilder } from '../lib/intent/server-policy-builder';
import { Policy } from '../lib/policy/policy';
import { Problem } from '../lib/problems/problem';
import { knownPlatforms, platforms } from '../lib/registry';

/** The intent of a case without a platform, which the harness adds. */
export interface Wish {
  readonly gateway?: Without<GatewayIntent> & {
    readonly virtualIps?: readonly VirtualIpIntent[];
    readonly mappings?: readonly OneToOneNatIntent[];
    readonly reflections?: readonly NatReflectionIntent[];
  };
  readonly servers?: readonly (Without<ServerIntent> & { readonly profile: CpanelFirewallProfileIntent })[];
}

type Without<Intent> = Omit<Intent, 'platform' | 'version' | 'owner'>;

interface Compiled {
  readonly policies: readonly Policy[];
  readonly problems: readonly Problem[];
}

/** One version of each platform that cases and random policies are written for. */
export const VERSIONS: Readonly<Record<string, string>> = {
  nftables: '1.0.6',
  pfsense: '2.7.2',
  iptables: '1.8.9',
  firewalld: '1.3.3',
  csf: '15.10',
  apf: '9.7',
};

/** The platform of a case's gateway or of its servers, if the tested platform can only be the other. */
const EITHER = 'nftables';

const serves = (platform: keyof typeof platforms, role: 'gateway' | 'server'): boolean =>
  platforms[platform].capabilities[role] !== undefined;

/** Returns whether a case has a gateway or servers that can be on the platform. */
export const concerns = (wish: Wish, platform: keyof typeof platforms): boolean =>
  (wish.gateway !== undefined && serves(platform, 'gateway')) ||
  (wish.servers !== undefined && serves(platform, 'server'));

const around = (asked: keyof typeof platforms, role: 'gateway' | 'server') => {
  const platform = serves(asked, role) ? asked : EITHER;
  return { owner: 'hosting', platform, version: VERSIONS[platform]! };
};

/** Returns the policies of an intent on a platform. */
export function compiled(wish: Wish, platform: keyof typeof platforms): Compiled {
  const servers = (wish.servers ?? []).map(({ profile, ...intent }) => {
    const server = new ServerPolicyBuilder(
      `server ${intent.device}`,
      { ...around(platform, 'server'), ...intent },
      knownPlatforms,
    );
    server.addProfile(`profile ${profile.name}`, profile);
    return server;
  });
  const finished: { policy: Policy | undefined; problems: readonly Problem[] }[] = [];
  if (wish.gateway) {
    const { virtualIps = [], mappings = [], reflections = [], ...intent } = wish.gateway;
    const gateway = new GatewayPolicyBuilder(
      `gateway ${intent.device}`,
      { ...around(platform, 'gateway'), ...intent },
      knownPlatforms,
    );
    virtualIps.forEach((part) => gateway.addVirtualIp(`virtual IP ${part.name}`, part));
    servers.forEach((server, i) => gateway.addServer(`server ${wish.servers![i]!.device}`, server));
    mappings.forEach((part) => gateway.addOneToOneNat(`mapping ${part.name}`, part));
    reflections.forEach((part, i) => gateway.addReflection(`reflection ${i + 1}`, part));
    finished.push(gateway.build());
  }
  finished.push(...servers.map((server) => server.build()));
  return {
    policies: finished.flatMap(({ policy }) => policy ?? []),
    problems: finished.flatMap(({ problems }) => problems),
  };
}

const CASES = join(__dirname, 'cases');

/** Every folder under cases/ that holds an intent.ts, as `topic/case`. */
export const caseNames = (): readonly string[] =>
  readdirSync(CASES, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('intent.ts'))
    .map(dirname)
    .sort();

export const caseFile = (name: string, file: string): string => join(CASES, name, file);

export const caseWish = (name: string): Wish => jest.requireActual<{ wish: Wish }>(caseFile(name, 'intent.ts')).wish;

/** The cases with one server and no gateway that are accepted. */
export const serverCases = (): readonly (readonly [string, NonNullable<Wish['servers']>[number]])[] =>
  caseNames().flatMap((name) => {
    const [server, another] = caseWish(name).gateway ? [] : (caseWish(name).servers ?? []);
    return server && !another && !name.startsWith('refused/') ? [[name, server] as const] : [];
  });

/**
 * Compares with a golden file. UPDATE_GOLDENS=1 writes it; exposure.txt and problems.txt are truth written by hand
 * and are never passed here.
 */
export function expectGolden(actual: string, path: string): void {
  if (process.env['UPDATE_GOLDENS'] === '1' && process.env['CI'] === undefined) writeFileSync(path, actual);
  if (!existsSync(path))
    throw new Error(`no golden ${relative(process.cwd(), path)}; run with UPDATE_GOLDENS=1, then read it`);
  expect(actual).toBe(readFileSync(path, 'utf8'));
}
