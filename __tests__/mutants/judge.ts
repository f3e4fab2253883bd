// Judges mutants of generators and of generated texts: noticed by the verifier, without effect on the text, or
// surviving.

import { Script } from 'node:vm';
import { verifyGenerated } from '../../lib/verifier/verify-policy';
import { Policy } from '../../lib/policy/policy';
import { platforms } from '../../lib/registry';
import { ConfigGenerator, GeneratedConfig } from '../../lib/generate/config-generator';
import { alike } from './is-equal';
import { PlatformId, Sample } from './corpus';
import { Effect, effectOf } from './effects';
import { loaded } from './modules';
import { SourceMutation } from './source-mutations';

/** The outcome of a mutant: the verification `sees` it, it has `no effect` for any policy, or it `survives`. */
export type Outcome =
  | { readonly is: 'seen'; readonly by: string; readonly where: string }
  | { readonly is: 'no effect' }
  | {
      readonly is: 'survives';
      readonly effect: Effect | 'asks for less';
      readonly where: string;
      readonly lines: readonly string[];
    };

/**
 * A mutant that loops ends after so many milliseconds, before it uses up memory, and counts as seen. Others take some
 * hundred.
 */
const LONGEST = 10_000;

/** Runs a function that may not end. */
export function bounded<T>(job: () => T): T {
  const shared = globalThis as { mutant?: () => T };
  shared.mutant = job;
  return new Script('globalThis.mutant()').runInThisContext({ timeout: LONGEST }) as T;
}

export const said = (error: unknown): string =>
  error instanceof Error ? error.message.split('\n')[0]! : String(error);

/** The result of a verification: the kinds of its counterexamples or an error, or undefined. */
export function objection(
  policy: Policy,
  written: GeneratedConfig,
  prove: typeof verifyGenerated = verifyGenerated,
): string | undefined {
  try {
    const { differences, faults } = bounded(() => prove(policy, written));
    const kinds = [...differences, ...faults].map(({ kind }) => kind);
    return kinds.length === 0 ? undefined : [...new Set<string>(kinds)].sort().join(', ');
  } catch (error) {
    return `refused: ${said(error)}`;
  }
}

/** From harmless to harmful: of the policies with which a mutant survives, the worst is reported. */
const WORST: readonly Effect[] = [
  'assumed box',
  'words',
  'reads alike',
  'redirects',
  'differs',
  'was refused',
  'refused by nft',
];

/** A text of one policy that was changed. */
export function textOutcome(
  { name, policy }: Sample,
  before: GeneratedConfig | undefined,
  after: GeneratedConfig,
): Outcome {
  const where = `${name} on ${policy.platform}`;
  const by = objection(policy, after);
  if (by !== undefined) return { is: 'seen', by, where };
  return { is: 'survives', effect: effectOf(policy, before, after), where, lines: changed(before, after) };
}

/** A generator with one place changed. One policy with which it is seen suffices. */
export function writerOutcome(mutation: SourceMutation, samples: readonly Sample[]): Outcome {
  const writers = new Map<string, ConfigGenerator>();
  const survived: { sample: Sample; after: GeneratedConfig }[] = [];
  for (const sample of samples) {
    const { name, policy, captured, written } = sample;
    let after: GeneratedConfig;
    try {
      const which = `${policy.platform} ${policy.version}`;
      const writer = writers.get(which) ?? writerOf(policy, mutation);
      writers.set(which, writer);
      after = bounded(() => writer.write(policy, captured));
    } catch (error) {
      if (written) return { is: 'seen', by: `refused: ${said(error)}`, where: `${name} on ${policy.platform}` };
      continue;
    }
    if (alike(written, after)) continue;
    const by = objection(policy, after);
    if (by !== undefined) return { is: 'seen', by, where: `${name} on ${policy.platform}` };
    survived.push({ sample, after });
  }
  const outcomes = survived.map(({ sample: { name, policy, written }, after }) => ({
    is: 'survives' as const,
    effect: effectOf(policy, written, after),
    where: `${name} on ${policy.platform}`,
    lines: changed(written, after),
  }));
  return outcomes.sort((a, b) => WORST.indexOf(b.effect) - WORST.indexOf(a.effect))[0] ?? { is: 'no effect' };
}

/** A version with its own generator has one beside the platform's. */
function writerOf({ platform, version }: Policy, mutation: SourceMutation): ConfigGenerator {
  const made = loaded(`lib/platforms/${platform}/generate/generator.ts`, mutation) as {
    readonly generator: ConfigGenerator;
    readonly publishedGenerator?: ConfigGenerator;
  };
  const isOther = platforms[platform as PlatformId].versions?.some((one) => one.version === version);
  return isOther ? made.publishedGenerator! : made.generator;
}

/** The added and removed lines, a few of them. */
function changed(before: GeneratedConfig | undefined, after: GeneratedConfig): readonly string[] {
  const linesOf = (written: GeneratedConfig | undefined): readonly string[] =>
    written
      ? [
          ...written.addresses.map(({ kind, interface: on, address }) => `${kind} ${on} ${address}`),
          ...written.text.split('\n'),
        ]
      : [];
  const [was, is] = [linesOf(before), linesOf(after)];
  const lines = [
    ...was.filter((line) => !is.includes(line)).map((line) => `- ${line.trim()}`),
    ...is.filter((line) => !was.includes(line)).map((line) => `+ ${line.trim()}`),
  ];
  return lines.slice(0, 8);
}
