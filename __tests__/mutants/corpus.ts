// The sample policies on which mutants are tried, with their generated configs.

import { existsSync, readFileSync } from 'node:fs';
import { fc } from '../randomly';
import { Policy } from '../../lib/policy/policy';
import { getPlatform } from '../../lib/verifier/verify-policy';
import { platforms } from '../../lib/registry';
import { GeneratedConfig } from '../../lib/generate/config-generator';
import { askedOf } from '../policy/adapt-to-platform';
import { overlapping } from '../policy/overlapping';
import { gateways, servers } from '../policy/random';
import { Wish, caseFile, caseNames, compiled, concerns } from '../support';
import { shared } from './modules';

/** A policy that mutants are tried with, and its generated config without mutants; undefined if it is refused. */
export interface Sample {
  readonly name: string;
  readonly policy: Policy;
  readonly captured: string | undefined;
  readonly written: GeneratedConfig | undefined;
}

export type PlatformId = keyof typeof platforms;
const IDS = Object.keys(platforms) as PlatformId[];

/** Versions with a generator of their own. */
const othersOf = (platform: string): readonly string[] =>
  (platforms[platform as PlatformId].versions ?? []).map(({ version }) => version);

/** The generated config, or undefined if the policy is refused or generation fails. */
function writtenBy(write: () => GeneratedConfig): GeneratedConfig | undefined {
  try {
    return write();
  } catch {
    return undefined;
  }
}

function sample(name: string, policy: Policy, captured?: string): Sample {
  const { generator: writer } = getPlatform(policy);
  return { name, policy, captured, written: writtenBy(() => writer.write(policy, captured)) };
}

function ofCases(): readonly Sample[] {
  return caseNames().flatMap((name) => {
    const { wish } = shared(caseFile(name, 'intent.ts')) as { wish: Wish };
    return IDS.filter((id) => concerns(wish, id)).flatMap((id) =>
      compiled(wish, id)
        .policies.filter(({ platform, kind }) => platform === id || kind === 'gateway')
        .flatMap((policy) => [policy, ...othersOf(policy.platform).map((version) => ({ ...policy, version }))])
        .map((policy) => {
          const captured = caseFile(name, `${id}.surroundings.xml`);
          return sample(
            `${name} ${policy.kind}`,
            policy,
            policy.kind === 'gateway' && existsSync(captured) ? readFileSync(captured, 'utf8') : undefined,
          );
        }),
    );
  });
}

const drawn = <T>(of: fc.Arbitrary<T>, count: number, seed: number): readonly T[] =>
  fc.sample(of, { numRuns: count, seed });

function ofRandom(seed: number): readonly Sample[] {
  const some: readonly (readonly [string, readonly Policy[]])[] = [
    ['random gateway', drawn(gateways, 14, seed)],
    ['overlapping gateway', drawn(overlapping, 16, seed)],
    ['random server', drawn(servers, 10, seed)],
  ];
  return some.flatMap(([name, all]) =>
    all.flatMap((policy, n) =>
      IDS.filter((id) => platforms[id].capabilities[policy.kind]).flatMap((id) =>
        [undefined, ...othersOf(id)].map((version) => sample(`${name} ${n + 1}`, askedOf(policy, id, version))),
      ),
    ),
  );
}

/** The policies of every case, and random ones of a seed; policies with equal configs occur once. */
export function corpus(seed = 12): readonly Sample[] {
  const known = new Set<string>();
  return [...ofCases(), ...ofRandom(seed)].filter(({ policy, captured, written }) => {
    const key = written === undefined || captured !== undefined ? undefined : `${policy.platform} ${written.text}`;
    if (key === undefined || !known.has(key)) return known.add(key ?? '');
    return false;
  });
}
