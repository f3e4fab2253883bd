// Judges a mutant of lib/spec: it is seen if it throws, if the verifier with it refuses a correct config, or if it
// differs from the naive spec of __tests__/spec. Otherwise it survives.

import { ReachabilitySpec } from '../../lib/spec/reachability-spec';
import { getPlatform, verifyGenerated } from '../../lib/verifier/verify-policy';
import { Platform } from '../../lib/platforms/platform';
import { Policy } from '../../lib/policy/policy';
import { platforms } from '../../lib/registry';
import { ConfigParser, EvaluatedConfig } from '../../lib/parse/config-parser';
import { GeneratedConfig } from '../../lib/generate/config-generator';
import { leavesAs } from '../evaluator/translated-packet';
import { naively } from '../spec/naive-spec';
import { Service, grid } from '../policy/random';
import { alike } from './is-equal';
import { Sample } from './corpus';
import { Outcome, bounded, objection, said } from './judge';
import { loaded } from './modules';
import { SourceMutation } from './source-mutations';

type ChangedVerifier = {
  readonly verifyGenerated: typeof verifyGenerated;
  readonly deriveSpec: (policy: Policy, written: GeneratedConfig) => ReachabilitySpec;
};

/** Judges a spec with one place changed by the configs of the unchanged generators. */
export function meaningOutcome(mutation: SourceMutation, samples: readonly Sample[]): Outcome {
  const survived: string[] = [];
  let verifier: ChangedVerifier;
  try {
    verifier = loaded('lib/verifier/verify-policy.ts', mutation, {
      'lib/registry.ts': { platforms: remembering },
    }) as ChangedVerifier;
  } catch (error) {
    return { is: 'seen', by: `refused: ${said(error)}`, where: 'everywhere' };
  }
  for (const { name, policy, written } of samples) {
    if (!written) continue;
    const where = `${name} on ${policy.platform}`;
    try {
      if (bounded(() => alike(verifier.deriveSpec(policy, written), expected(policy, written)))) continue;
    } catch (error) {
      return { is: 'seen', by: `refused: ${said(error)}`, where };
    }
    const by = objection(policy, written, verifier.verifyGenerated);
    if (by !== undefined) return { is: 'seen', by, where };
    if (bounded(() => isOtherwise(policy, verifier.deriveSpec(policy, written))))
      return { is: 'seen', by: 'the second meaning', where };
    survived.push(where);
  }
  return survived.length > 0
    ? { is: 'survives', effect: 'asks for less', where: survived[0]!, lines: [] }
    : { is: 'no effect' };
}

const SERVICES: readonly Service[] = [
  { protocol: 6, port: 5, sourcePort: 4 },
  { protocol: 6, port: 443, sourcePort: 40_000 },
  { protocol: 17, port: 9, sourcePort: 1020 },
  { protocol: 1, port: 11, sourcePort: 0 },
  { protocol: 47, port: 0, sourcePort: 0 },
];

/** Whether a meaning says something else than the plain words do, of packets that are asked one by one. */
function isOtherwise(policy: Policy, { views }: ReachabilitySpec): boolean {
  const { excess } = getPlatform(policy).capabilities;
  const packets = grid(SERVICES);
  return views.some(({ startLocation, bounds, translations }) =>
    packets.some((packet) => {
      const wanted = naively(policy, startLocation, packet, excess);
      const becomes = translations.findValue(packet);
      const leaves = becomes && leavesAs(packet, becomes);
      if ((bounds.findValue(packet) ?? 'no') !== wanted.bound) return true;
      if (wanted.bound === 'no') return false;
      return leaves?.source !== wanted.leaves?.source || leaves?.destination !== wanted.leaves?.destination;
    }),
  );
}

const expectations = new Map<GeneratedConfig, ReachabilitySpec>();
function expected(policy: Policy, written: GeneratedConfig): ReachabilitySpec {
  let found = expectations.get(written);
  if (!found) expectations.set(written, (found = verifyGenerated(policy, written).spec));
  return found;
}

/** Platforms whose parsers evaluate each text once: thousands of mutants of the spec are compared with the same texts. */
const remembering: Readonly<Record<string, Platform>> = Object.fromEntries<Platform>(
  Object.entries<Platform>(platforms).map(([id, platform]) => [id, createCachingPlatform(platform)]),
);

function createCachingPlatform(platform: Platform): Platform {
  const evaluatedByKey = new Map<string, EvaluatedConfig>();
  const read: ConfigParser['read'] = (text, device) => {
    const key = JSON.stringify([text, device], (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value));
    let evaluated = evaluatedByKey.get(key);
    if (!evaluated) evaluatedByKey.set(key, (evaluated = platform.parser.read(text, device)));
    return evaluated;
  };
  // The annotations name the keys for the compiler: a spread alone takes any key.
  const parser: Platform['parser'] = { ...platform.parser, read };
  return { ...platform, parser };
}
