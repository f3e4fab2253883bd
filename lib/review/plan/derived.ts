import { digestInput } from '../../agent-protocol/digest';
import { Connection, Release, Work } from '../../agent-protocol/release';
import { shownLines } from '../../agent-protocol/release-lines';
import { isRecord } from '../../agent-protocol/codec';
import { printAddress } from '../../net/address';
import { Policy } from '../../policy/policy';
import { deriveRelease } from '../../verifier/derive-release';
import { PlannedOwner } from '../plan';
import { Policies } from '../policies';
import { FieldChange, connectionFields, diffFields, findUnknownFields, releaseFields } from './fields';
import { HolderInput, reachedAt } from './holder';

/** How a release of a plan is compared with the one that its policy gives. */
export interface Derivation {
  readonly policies: Policies;
  /** Of a text as UTF-8, hexadecimal. */
  readonly sha256?: (text: string) => string;
}

/** What a comparison finds: `wrong` is an objection, `notes` are sentences for a reader. */
export interface Compared {
  readonly wrong: readonly string[];
  readonly notes: readonly string[];
}

/** Compares everything that is delivered with what the plan shows, with the holder, and with what the policy gives. */
export function compareWork(
  work: Work,
  owner: PlannedOwner,
  input: HolderInput | undefined,
  derivation: Derivation,
): Compared {
  const { release, connection } = work;
  const { device, owner: name, role, after } = owner;
  if (release.device !== device || release.owner !== name || release.role !== role)
    return {
      wrong: [`What it delivers is for ${release.role} ${release.owner} on ${release.device} (role, owner, device).`],
      notes: [],
    };
  const shown = [
    ...(release.text === after?.text ? [] : ['What it delivers is another text than the one that the plan shows.']),
    ...(release.policy === after?.policy
      ? []
      : ['What it delivers is proven against another policy than the one that the plan shows.']),
    ...otherLines(shownLines(release), after?.lines ?? {}),
  ];
  const keys = [...connection.hostKeys].sort().join(', ');
  const unknown = findUnknownFields(release, connection);
  const derived = compareWithPolicy(release, derivation);
  return {
    wrong: [
      ...shown,
      ...(input ? compareWithHolder(release, connection, input) : []),
      ...derived.wrong,
      ...(unknown.length === 0 ? [] : [`It holds what no release of this version has: ${unknown.join(', ')}.`]),
      ...(derived.wrong.length === 0 || release.witnesses.length > 0
        ? []
        : ['Its witnesses (health checks) are none.']),
    ],
    notes: [
      ...derived.notes,
      ...(after === undefined || after.hostKeys === keys
        ? []
        : [
            `The line "host keys" of the plan is ${after.hostKeys || 'empty'}, and the connection has ${keys || 'none'}.`,
          ]),
    ],
  };
}

function otherLines(
  delivered: Readonly<Record<string, string>>,
  planned: Readonly<Record<string, string>>,
): readonly string[] {
  const names = [...new Set([...Object.keys(delivered), ...Object.keys(planned)])].sort();
  const own = (of: Readonly<Record<string, string>>, name: string): string | undefined =>
    Object.hasOwn(of, name) ? of[name] : undefined;
  const differing = names.filter((name) => own(delivered, name) !== own(planned, name));
  return differing.length === 0
    ? []
    : [`What it delivers has other readable lines than the plan shows: ${listSome(differing)}.`];
}

/** The holder is what the plan shows, and what retract goes by. */
function compareWithHolder(release: Release, connection: Connection, input: HolderInput): readonly string[] {
  const { onRetract, rollbackSeconds, witnesses, platform } = release;
  const changes = diffFields(connectionFields(input.connection), connectionFields(connection));
  return [
    ...(changes.length === 0
      ? []
      : [
          `It is delivered to ${connection.user}@${connection.host}:${connection.port}, by another connection than its holder's, which is ${reachedAt(input)}: ${changes.map(printBoth).join('; ')}.`,
        ]),
    ...(onRetract === input.onRetract
      ? []
      : [
          `What it delivers does "${onRetract}" when it is retracted, and its holder says "${input.onRetract}" (onRetract).`,
        ]),
    ...(input.rollbackSeconds === undefined || rollbackSeconds === input.rollbackSeconds
      ? []
      : [
          `What it delivers is undone after ${rollbackSeconds} s, and its holder says ${input.rollbackSeconds} s (rollbackSeconds).`,
        ]),
    ...(input.platform === undefined || input.platform === platform
      ? []
      : [`What it delivers is for ${platform}, and its holder says ${input.platform} (platform).`]),
    ...(input.witnesses === undefined || canonical(input.witnesses) === canonical(witnesses)
      ? []
      : ['What it delivers has other witnesses (health checks) than its holder says.']),
  ];
}

const printBoth = ({ name, words, before, after }: FieldChange): string =>
  `${name} (${words}) is ${after}, and its holder has ${before}`;

/** Everything of a release that its policy gives. */
function compareWithPolicy(release: Release, { policies, sha256 }: Derivation): Compared {
  const [decoded, written] = [policies.of(release.policy), policies.written(release)];
  const digest =
    sha256 === undefined || release.digest === sha256(digestInput(release))
      ? []
      : [`Its digest is not that of its text and of what it holds beside it: ${release.digest}.`];
  // Whoever judges the policy says that it can't be read.
  if (!('value' in decoded && 'value' in written)) return { wrong: digest, notes: [] };
  const policy = decoded.value;
  const { platform, rollbackSeconds, witnesses } = release;
  if (policy.platform !== platform)
    return { wrong: [`It is for ${platform}, and its policy for ${policy.platform} (platform).`], notes: [] };
  if (policy.device !== release.device || policy.owner !== release.owner || policy.kind !== release.role)
    return { wrong: [`Its policy is that of ${policy.kind} ${policy.owner} on ${policy.device}.`], notes: [] };
  const derived = deriveRelease(
    { policy, written: written.value },
    { witnesses, rollbackSeconds },
    sha256 ?? (() => release.digest),
  );
  const notes: string[] = [];
  const wrong = diffFields(releaseFields(derived), releaseFields(release)).flatMap((change): readonly string[] => {
    switch (change.name) {
      // Whoever judges the text says how it differs, and its digest is that of what is delivered.
      case 'text':
      case 'digest':
        return [];
      case 'policy':
        return ['Its policy is written in another way than this version writes it (policy).'];
      case 'addresses':
        return [otherAddresses(derived, release)];
      case 'lines':
        return compareLines(derived, release, notes);
      case 'claims.outside':
        if (!isOwnPublic(policy, derived, release)) return [derivedWords(change)];
        notes.push(derivedWords(change));
        return [];
      default:
        return [derivedWords(change)];
    }
  });
  return { wrong: [...digest, ...wrong], notes };
}

const derivedWords = ({ name, words, before, after }: FieldChange): string =>
  `${name} (${words}) is ${after}, and its policy gives ${before}.`;

function otherAddresses(derived: Release, release: Release): string {
  const [asked, gets] = [derived, release].map(
    ({ addresses }) => new Set(addresses.map((line) => `${line.address} as ${line.kind} on ${line.interface}`)),
  );
  const differs = [
    ...[...gets!].filter((line) => !asked!.has(line)),
    ...[...asked!].filter((line) => !gets!.has(line)),
  ];
  return `The addresses that the device gets aren't those of its policy: ${differs.length === 0 ? 'their order differs' : listSome(differs)}.`;
}

/** A release of before the line on how the device changes over has all others. */
function compareLines(derived: Release, release: Release, notes: string[]): readonly string[] {
  const [asked, has] = [derived, release].map(({ lines }) => new Set(lines));
  const differing = [
    ...[...has!].filter((line) => !asked!.has(line)),
    ...[...asked!].filter((line) => !has!.has(line)),
  ];
  const said = `Its readable lines aren't those of its policy: ${differing.length === 0 ? 'their order differs' : listSome(differing)}.`;
  if (differing.length !== 1 || !differing[0]!.startsWith('delivery: ') || has!.has(differing[0]!)) return [said];
  notes.push(said);
  return [];
}

/** Whether a server claims nothing outside but public addresses that its policy names as its own. */
function isOwnPublic(policy: Policy, derived: Release, release: Release): boolean {
  if (policy.kind !== 'server') return false;
  const own = [...derived.claims.outside, ...policy.ownPublic.map((pair) => printAddress(pair.public))];
  return release.claims.outside.every((claim) => own.includes(claim));
}

const MOST = 5;
const listSome = (all: readonly string[]): string =>
  all.length <= MOST ? all.join(', ') : `${all.slice(0, MOST).join(', ')} and ${all.length - MOST} more`;

/** The same for the same data, in whatever order it was written. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, one: unknown) =>
    isRecord(one) ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1))) : one,
  );
