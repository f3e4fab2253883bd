// Compares the delivery work of an owner in a plan with what its policy gives: the release, the readable triggers and
// the ownership record. Differences are objections of a review.

import { printDigestInput } from '../../agent-protocol/release-digest';
import { Connection, Release, DeliveryWork } from '../../agent-protocol/release';
import { parseReleaseLines } from '../../agent-protocol/release-lines';
import { isRecord } from '../../agent-protocol/work-codec';
import { printAddress } from '../../net/address';
import { Policy } from '../../policy/policy';
import { deriveRelease } from '../../verifier/derive-release';
import { PlannedOwner } from '../plan';
import { PolicyCache } from '../policy-cache';
import {
  FieldChange,
  listConnectionFields,
  compareFields,
  findUnknownFields,
  listReleaseFields,
} from './delivery-fields';
import { OwnershipInput, printLogin } from './ownership-input';

/** The functions that compare a release of a plan with the one that its policy gives. */
export interface DerivationTools {
  readonly policies: PolicyCache;
  /** Returns the SHA-256 digest of a text as UTF-8, hexadecimal. */
  readonly sha256?: (text: string) => string;
}

/** The result of a comparison: sentences in `differences` become an objection, sentences in `notes` a note. */
export interface WorkComparison {
  readonly differences: readonly string[];
  readonly notes: readonly string[];
}

/**
 * Compares everything that is delivered with what the plan shows, with the ownership record, and with what the policy
 * gives.
 */
export function compareWork(
  work: DeliveryWork,
  owner: PlannedOwner,
  ownershipInput: OwnershipInput | undefined,
  tools: DerivationTools,
): WorkComparison {
  const { release, connection } = work;
  const { device, owner: name, role, after } = owner;
  if (release.device !== device || release.owner !== name || release.role !== role)
    return {
      differences: [
        `What it delivers is for ${release.role} ${release.owner} on ${release.device} (role, owner, device).`,
      ],
      notes: [],
    };
  const shownDifferences = [
    ...(release.text === after?.text ? [] : ['What it delivers is another text than the one that the plan shows.']),
    ...(release.policy === after?.policy
      ? []
      : ['What it delivers is proven against another policy than the one that the plan shows.']),
    ...compareShownLines(parseReleaseLines(release), after?.lines ?? {}),
  ];
  const hostKeys = [...connection.hostKeys].sort().join(', ');
  const unknownFields = findUnknownFields(release, connection);
  const policyComparison = compareWithPolicy(release, tools);
  return {
    differences: [
      ...shownDifferences,
      ...(ownershipInput ? compareWithOwnership(release, connection, ownershipInput) : []),
      ...policyComparison.differences,
      ...(unknownFields.length === 0
        ? []
        : [`It holds what no release of this version has: ${unknownFields.join(', ')}.`]),
      ...(policyComparison.differences.length === 0 || release.witnesses.length > 0
        ? []
        : ['Its witnesses (health checks) are none.']),
    ],
    notes: [
      ...policyComparison.notes,
      ...(after === undefined || after.hostKeys === hostKeys
        ? []
        : [
            `The line "host keys" of the plan is ${after.hostKeys || 'empty'}, and the connection has ${hostKeys || 'none'}.`,
          ]),
    ],
  };
}

function compareShownLines(
  deliveredLines: Readonly<Record<string, string>>,
  plannedLines: Readonly<Record<string, string>>,
): readonly string[] {
  const lineNames = [...new Set([...Object.keys(deliveredLines), ...Object.keys(plannedLines)])].sort();
  const getLine = (lines: Readonly<Record<string, string>>, name: string): string | undefined =>
    Object.hasOwn(lines, name) ? lines[name] : undefined;
  const differingNames = lineNames.filter((name) => getLine(deliveredLines, name) !== getLine(plannedLines, name));
  return differingNames.length === 0
    ? []
    : [`What it delivers has other readable lines than the plan shows: ${joinSome(differingNames)}.`];
}

/** Compares a release with its ownership record, which the plan shows and which the removal uses. */
function compareWithOwnership(
  release: Release,
  connection: Connection,
  ownershipInput: OwnershipInput,
): readonly string[] {
  const { onRetract, rollbackSeconds, witnesses, platform } = release;
  const changes = compareFields(listConnectionFields(ownershipInput.connection), listConnectionFields(connection));
  return [
    ...(changes.length === 0
      ? []
      : [
          `It is delivered to ${connection.user}@${connection.host}:${connection.port}, by another connection than its ownership record's, which is ${printLogin(ownershipInput)}: ${changes.map(printConnectionChange).join('; ')}.`,
        ]),
    ...(onRetract === ownershipInput.onRetract
      ? []
      : [
          `What it delivers does "${onRetract}" when it is removed, and its ownership record says "${ownershipInput.onRetract}" (onRetract).`,
        ]),
    ...(ownershipInput.rollbackSeconds === undefined || rollbackSeconds === ownershipInput.rollbackSeconds
      ? []
      : [
          `What it delivers is rolled back after ${rollbackSeconds} s, and its ownership record says ${ownershipInput.rollbackSeconds} s (rollbackSeconds).`,
        ]),
    ...(ownershipInput.platform === undefined || ownershipInput.platform === platform
      ? []
      : [`What it delivers is for ${platform}, and its ownership record says ${ownershipInput.platform} (platform).`]),
    ...(ownershipInput.witnesses === undefined ||
    toCanonicalJson(ownershipInput.witnesses) === toCanonicalJson(witnesses)
      ? []
      : ['What it delivers has other witnesses (health checks) than its ownership record says.']),
  ];
}

const printConnectionChange = ({ name, description, before, after }: FieldChange): string =>
  `${name} (${description}) is ${after}, and its ownership record has ${before}`;

/** Compares every field of a release with the one that its policy gives. */
function compareWithPolicy(release: Release, { policies, sha256 }: DerivationTools): WorkComparison {
  const [decoded, generated] = [policies.decode(release.policy), policies.regenerate(release)];
  const digestDifferences =
    sha256 === undefined || release.digest === sha256(printDigestInput(release))
      ? []
      : [`Its digest is not that of its text and of what it holds beside it: ${release.digest}.`];
  // The judge of the policy says that it can't be read.
  if (!('value' in decoded && 'value' in generated)) return { differences: digestDifferences, notes: [] };
  const policy = decoded.value;
  const { platform, rollbackSeconds, witnesses } = release;
  if (policy.platform !== platform)
    return { differences: [`It is for ${platform}, and its policy for ${policy.platform} (platform).`], notes: [] };
  if (policy.device !== release.device || policy.owner !== release.owner || policy.kind !== release.role)
    return { differences: [`Its policy is that of ${policy.kind} ${policy.owner} on ${policy.device}.`], notes: [] };
  const expectedRelease = deriveRelease(
    { policy, generated: generated.value },
    { witnesses, rollbackSeconds },
    sha256 ?? (() => release.digest),
  );
  const notes: string[] = [];
  const differences = compareFields(listReleaseFields(expectedRelease), listReleaseFields(release)).flatMap(
    (change): readonly string[] => {
      switch (change.name) {
        // The judge of the text says how it differs. The digest covers the delivered text, and is checked above.
        case 'text':
        case 'digest':
          return [];
        case 'policy':
          return ['Its policy is written in another way than this version writes it (policy).'];
        case 'addresses':
          return [describeOtherAddresses(expectedRelease, release)];
        case 'lines':
          return compareLines(expectedRelease, release, notes);
        case 'claims.outside':
          if (!ownsOnlyOwnPublic(policy, expectedRelease, release)) return [describeDerivedChange(change)];
          notes.push(describeDerivedChange(change));
          return [];
        default:
          return [describeDerivedChange(change)];
      }
    },
  );
  return { differences: [...digestDifferences, ...differences], notes };
}

const describeDerivedChange = ({ name, description, before, after }: FieldChange): string =>
  `${name} (${description}) is ${after}, and its policy gives ${before}.`;

function describeOtherAddresses(expectedRelease: Release, release: Release): string {
  const [expectedLines, deliveredLines] = [expectedRelease, release].map(
    ({ addresses }) => new Set(addresses.map((line) => `${line.address} as ${line.kind} on ${line.interface}`)),
  );
  const differingLines = [
    ...[...deliveredLines!].filter((line) => !expectedLines!.has(line)),
    ...[...expectedLines!].filter((line) => !deliveredLines!.has(line)),
  ];
  return `The addresses that the device gets aren't those of its policy: ${differingLines.length === 0 ? 'their order differs' : joinSome(differingLines)}.`;
}

/**
 * Compares the readable lines. A release that predates the `delivery:` line, which says how the device changes over,
 * has all the others: that is a note.
 */
function compareLines(expectedRelease: Release, release: Release, notes: string[]): readonly string[] {
  const [expectedLines, deliveredLines] = [expectedRelease, release].map(({ lines }) => new Set(lines));
  const differingLines = [
    ...[...deliveredLines!].filter((line) => !expectedLines!.has(line)),
    ...[...expectedLines!].filter((line) => !deliveredLines!.has(line)),
  ];
  const message = `Its readable lines aren't those of its policy: ${differingLines.length === 0 ? 'their order differs' : joinSome(differingLines)}.`;
  if (
    differingLines.length !== 1 ||
    !differingLines[0]!.startsWith('delivery: ') ||
    deliveredLines!.has(differingLines[0]!)
  )
    return [message];
  notes.push(message);
  return [];
}

/** Whether a server's owned outside prefixes are its policy's own public addresses, besides the derived ones. */
function ownsOnlyOwnPublic(policy: Policy, expectedRelease: Release, release: Release): boolean {
  if (policy.kind !== 'server') return false;
  const ownAddresses = [
    ...expectedRelease.claims.outside,
    ...policy.ownPublic.map((pair) => printAddress(pair.public)),
  ];
  return release.claims.outside.every((prefix) => ownAddresses.includes(prefix));
}

const MAX_LISTED = 5;
const joinSome = (items: readonly string[]): string =>
  items.length <= MAX_LISTED
    ? items.join(', ')
    : `${items.slice(0, MAX_LISTED).join(', ')} and ${items.length - MAX_LISTED} more`;

/** Returns the same JSON for the same data, in whatever order its keys stand. */
const toCanonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) =>
    isRecord(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item,
  );
