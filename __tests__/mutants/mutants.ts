// Lists all mutants by kind: changes of generators, of the spec, of texts, and named mistakes.

import { Policy } from '../../lib/policy/policy';
import { Random } from '../fuzz/random';
import { Sample } from './corpus';
import { Outcome, textOutcome, writerOutcome } from './judge';
import { meaningOutcome } from './judge-spec';
import { filesOf } from './modules';
import { NAMED } from './named/named';
import { mutationsOf } from './source-mutations';
import { Edit, Made } from './text/edit';
import { apfMutations } from './text/apf';
import { csfMutations } from './text/csf';
import { iptablesMutations } from './text/iptables';
import { firewalldMutations } from './text/firewalld';
import { nftablesMutations } from './text/nftables';
import { TextMutation } from './text/places';
import { pfsenseMutations } from './text/pfsense';

export type Kind = 'named' | 'writer' | 'meaning' | 'text';

/** One change in one place. */
export interface Mutant {
  readonly kind: Kind;
  /** The changed file, or the text's platform and role; empty if the name shows it. */
  readonly of: string;
  /** The change and its function: the same on every machine and after lines have moved. */
  readonly name: string;
  /** The number that distinguishes mutants with equal names: a draw uses all three. */
  readonly place?: string;
  readonly try: () => Outcome;
}

/** Files with messages for people alone. */
const MESSAGES = /\/problems[^/]*\.ts$/;

const ofSources = (
  kind: 'writer' | 'meaning',
  folders: readonly string[],
  tried: (file: string) => readonly Sample[],
): readonly Mutant[] =>
  folders
    .flatMap(filesOf)
    .filter((file) => !MESSAGES.test(file))
    .flatMap(mutationsOf)
    .map((mutation) => ({
      kind,
      of: mutation.file,
      name: `${mutation.within}: ${mutation.what}: ${short(mutation.from)} -> ${short(mutation.to) || 'nothing'}`,
      try: () => (kind === 'writer' ? writerOutcome : meaningOutcome)(mutation, tried(mutation.file)),
    }));

const short = (text: string): string => {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 90 ? `${line.slice(0, 60)} ... ${line.slice(-25)}` : line;
};

/**
 * Random policies may have two mappings in place of one; a named mistake is made in policies that people wrote, if one
 * of them allows it.
 */
const isCase = ({ name }: Sample): boolean => name.includes('/');

/** A named mistake is made at so many places, drawn among all. */
function ofNames(samples: readonly Made[], seed: number, places: number): readonly Mutant[] {
  const tried = (edit: Edit, among: readonly Made[]): readonly Outcome[] =>
    firstOf(
      among.flatMap((sample) => edit(sample).map((after, n) => ({ sample, after, n }))),
      ({ sample, n }) => `${sample.name} ${sample.policy.platform} ${n}`,
      seed,
      places,
    ).map(({ sample, after }) => textOutcome(sample, sample.written, after));
  return NAMED.map(({ name, edit }) => ({
    kind: 'named',
    of: '',
    name,
    try: () => {
      const ofCases = tried(edit, samples.filter(isCase));
      const found = ofCases.length > 0 ? ofCases : tried(edit, samples);
      if (found.length === 0) throw new Error(`nothing to try for: ${name}`);
      return found.find(({ is }) => is !== 'seen') ?? found[0]!;
    },
  }));
}

function editsOf({ platform, owner, interfaces }: Policy, text: string): readonly TextMutation[] {
  switch (platform) {
    case 'pfsense':
      return pfsenseMutations(text, owner);
    case 'iptables':
      return iptablesMutations(text);
    case 'firewalld':
      return firewalldMutations(text);
    case 'csf':
      return csfMutations(text);
    case 'apf':
      return apfMutations(text);
    case 'nftables':
      return nftablesMutations(text, interfaces);
    default:
      throw new Error(`__tests__/mutants/text/ has nothing of ${platform}.`);
  }
}

function ofTexts(samples: readonly Made[]): readonly Mutant[] {
  return samples.flatMap((sample) => {
    const { policy, written } = sample;
    return editsOf(policy, written.text).map(({ what, text }, n) => ({
      place: `${sample.name} ${n}`,
      kind: 'text' as const,
      of: `${policy.platform} ${policy.kind}`,
      name: what,
      try: () => textOutcome(sample, written, { ...written, text }),
    }));
  });
}

/**
 * Draws so many of them by their names and a seed: added or removed ones change nothing about the others. Source:
 * FNV-1a.
 */
export function firstOf<T>(all: readonly T[], nameOf: (one: T) => string, seed: number, count: number): readonly T[] {
  const mixed = (text: string): number =>
    [...text].reduce((hash, c) => Math.imul(hash ^ c.codePointAt(0)!, 0x0100_0193) >>> 0, 0x811c_9dc5);
  const at = (one: T): number => new Random(mixed(`${seed} ${nameOf(one)}`)).below(2 ** 32);
  return all
    .map((one) => ({ one, at: at(one) }))
    .sort((a, b) => a.at - b.at)
    .slice(0, count)
    .map(({ one }) => one);
}

const platformOf = (file: string): string | undefined => /^lib\/platforms\/(\w+)\//.exec(file)?.[1];

/** Lists all possible mutants, `places` for each name. */
export function mutants(
  samples: readonly Sample[],
  seed: number,
  places: number,
): Readonly<Record<Kind, readonly Mutant[]>> {
  const made = samples.filter((sample): sample is Made => sample.written !== undefined);
  const tried = (file: string): readonly Sample[] =>
    platformOf(file) === undefined ? samples : samples.filter(({ policy }) => policy.platform === platformOf(file));
  return {
    named: ofNames(made, seed, places),
    writer: ofSources(
      'writer',
      [
        ...['nftables', 'pfsense', 'iptables', 'firewalld', 'csf', 'apf'].map((id) => `lib/platforms/${id}/generate`),
        'lib/generate',
      ],
      tried,
    ),
    meaning: ofSources('meaning', ['lib/spec'], tried),
    text: ofTexts(made),
  };
}
