// Compares what a device reported with the synthesized stacks, owner by owner, for `verify`. Returns the differences in
// words, the effect of a restart, and the operator's next commands.
import { Release } from '../lib/agent-protocol/release';
import { GatewayPolicy } from '../lib/policy/policy';
import { escapeForDisplay } from '../lib/problems/problem';
import { listNatDifferences, listNatNotes } from './cpanel-nat';
import { listCpanelNotes } from './cpanel-rules';
import { PortDrift, findMissingAddresses, findDriftOrReason, isDrift, printDrift } from './drift';
import { RecordedOwner, listStateDifferences } from './state-drift';
import { OwnerStatus, DeviceStatus, AgentLogin } from './device-status';
import { listLoopbackNotes } from './ask-loopback';
import { describeRestart, listStartFaults } from './next-start';
import { findOtherPlatform } from './other-platform';
import { OperatorProject } from './operator-project';
import { CompareFacts, VerifyRelease } from './verification';
import { judgeLegacyTables } from './verify-live';
import { describeOrigin } from './release-origin';
import { OwnershipRecord } from './synthesized-stack';
import { RULES_ELSEWHERE } from './delivery-steps';
import { NARROWED_WORDS, describeNext, describeUndo } from './next-command';

/**
 * Returns a note for each login that was bootstrapped before `--allow`, and that has permissions because no words were
 * written for it.
 */
const listLoginNotes = (logins: readonly AgentLogin[] = []): readonly string[] =>
  logins
    .filter(({ isEarlier, allows }) => isEarlier && allows.join() !== 'none')
    .map(
      ({ name, allows }) =>
        `the login ${name} was bootstrapped before --allow: it may deliver what the confirmed release uses (${allows.join(', ')}) until bootstrap runs again, as root on the device: bootstrap --user ${name} --allow ${allows.join()}`,
    );

export interface DeviceComparison {
  /** Whether nothing differs from the stacks. */
  readonly matches: boolean;
  /** Whether nothing of ours differs, but unmanaged rules close most of what the release opens. */
  readonly narrowed: boolean;
  readonly lines: readonly string[];
  readonly owners: readonly OwnerComparison[];
}

/** The findings on one owner, in words. */
export interface OwnerComparison {
  readonly role: string;
  readonly owner: string;
  readonly matches: boolean;
  /** Differences: in ports first, then in lines, then failed verification. */
  readonly differences: readonly string[];
  /** Notes for the operator that are no drift: unmanaged rules close something. */
  readonly notes: readonly string[];
  /** Ports that unmanaged rules close to most of their allowed sources: no drift, but not as delivered. */
  readonly narrowed: readonly string[];
  readonly drift: readonly PortDrift[];
  /** Effect of the device's next start, in words. */
  readonly afterRestart: string;
  /** Commands for the operator; undefined if there is nothing to do. */
  readonly next?: string;
}

interface VerifyChecks {
  readonly compareAssumedFacts: CompareFacts;
  readonly verifyLive: VerifyRelease;
}

export interface VerifyInput {
  readonly ownershipRecords: readonly OwnershipRecord[];
  /** Returns the gateways of all stacks, for the servers behind them. */
  readonly gateways?: () => readonly GatewayPolicy[];
  /** Terraform's state; undefined if it wasn't given. */
  readonly recorded?: readonly RecordedOwner[];
}

/**
 * Compares the device with the synthesized stacks; without ownership records, only by the facts of the device itself.
 */
export function verifyDevice(
  deviceStatus: DeviceStatus,
  device: string,
  { ownershipRecords, gateways = () => [], recorded }: VerifyInput,
  /** Returns the project of an owner's commands; without an ownership record, that of owners only the device has. */
  getProject: (ownershipRecord?: OwnershipRecord) => OperatorProject,
  judges: VerifyChecks,
): DeviceComparison {
  const isOurs = (status: OwnerStatus): boolean =>
    ownershipRecords.some(({ owner, role }) => owner === status.owner && role === status.role);
  const getFolder = (ownershipRecord?: OwnershipRecord) => ({ device, folder: getProject(ownershipRecord).folder });
  const ownBlocks = ownershipRecords.map((ownershipRecord) => {
    const status = deviceStatus.owners.find(
      ({ owner, role }) => owner === ownershipRecord.owner && role === ownershipRecord.role,
    );
    const findings = findDifferences(status, ownershipRecord, ownershipRecords, gateways, deviceStatus, judges);
    const state = recorded === undefined ? [] : listStateDifferences(recorded, status, ownershipRecord);
    const ownFindings = { ...findings, differences: [...findings.differences, ...state] };
    return createBlock(getFolder(ownershipRecord), ownershipRecord, status, ownFindings, (ownerState) =>
      describeNext(ownerState, device, status, ownershipRecord, getProject(ownershipRecord)),
    );
  });
  const otherBlocks = deviceStatus.owners
    .filter((status) => !isOurs(status))
    .map((status) => {
      const findings = { ...NO_FINDINGS, differences: [...listFaults(status), ...listEdits(status, deviceStatus)] };
      return createBlock(getFolder(), status, status, findings, (ownerState) =>
        ownershipRecords.length > 0 ? undefined : describeNext(ownerState, device, status, undefined, getProject()),
      );
    });
  // If ownership records are given, other owners' parts don't decide.
  const decisive = ownershipRecords.length > 0 ? ownBlocks : otherBlocks;
  const blocks = [...ownBlocks, ...otherBlocks];
  return {
    matches: decisive.every(({ same: isSame }) => isSame),
    narrowed: decisive.some(({ comparison: verification }) => verification.narrowed.length > 0),
    lines: blocks.length > 0 ? blocks.flatMap(({ lines }) => lines) : [`${device} holds nothing of cpanel-edge`],
    owners: blocks.map(({ comparison: verification }) => verification),
  };
}

type OwnerAndRole = Pick<OwnerStatus, 'owner' | 'role'>;

type OwnerFindings = Pick<OwnerComparison, 'differences' | 'notes' | 'narrowed' | 'drift'>;
const NO_FINDINGS: OwnerFindings = { differences: [], notes: [], narrowed: [], drift: [] };

interface OwnerBlock {
  readonly same: boolean;
  readonly lines: readonly string[];
  readonly comparison: OwnerComparison;
}

function createBlock(
  { device, folder }: { readonly device: string; readonly folder: string },
  { role, owner }: OwnerAndRole,
  status: OwnerStatus | undefined,
  { differences, notes, narrowed, drift }: OwnerFindings,
  describeNextStep: (state: OwnerStatus['state']) => string | undefined,
): OwnerBlock {
  const state = status?.state ?? 'nothing';
  const isSame = differences.length === 0;
  const nextStep = isSame ? (narrowed.length === 0 ? undefined : NARROWED_WORDS) : describeNextStep(state);
  const restart = status ? describeRestart(status) : 'nothing of it';
  const lines = [
    `${device}: ${role} ${owner}`,
    `  state: ${state}${status && state === 'armed' ? `; ${describeUndo(status)}` : ''}`,
    `  release: ${status?.digest ?? 'none'}${status ? describeOrigin(status) : ''}${status && status.tried !== 'none' ? `, armed ${status.tried}` : ''}`,
    `  owner token: ${status?.ownerToken ?? 'none'}`,
    `  rules: ${status?.rules ?? 'none'}${status?.rules === 'edited' ? `, fingerprint ${status.fingerprint}` : ''}`,
    ...differences.map((line) => `  differs: ${escapeForDisplay(line)}`),
    ...narrowed.map((line) => `  narrowed: ${escapeForDisplay(line)}`),
    ...notes.map((line) => `  no drift: ${escapeForDisplay(line)}`),
    `  a restart brings: ${restart}`,
    ...(nextStep === undefined ? [] : [`  Next, in ${escapeForDisplay(folder)}: ${nextStep}`]),
  ];
  return {
    same: isSame,
    lines,
    comparison: {
      role,
      owner,
      matches: isSame,
      differences,
      notes,
      narrowed,
      drift,
      afterRestart: restart,
      ...(nextStep === undefined ? {} : { next: nextStep }),
    },
  };
}

const STATE_WORDS: Readonly<Record<OwnerStatus['state'], string | undefined>> = {
  confirmed: undefined,
  nothing: 'the device holds nothing of this owner',
  kept: 'the running rules have no owner: it was removed and they stay closed, or it was forgotten',
  offered: 'a delivery has begun: its release is uploaded',
  checked: 'a delivery has begun: its release is checked',
  armed: 'a release is armed',
  undoing: 'a release is being rolled back',
  retracting: 'the owner is being removed',
};

/** Returns the faults that the device alone shows. */
function listFaults(status: OwnerStatus): readonly string[] {
  const state = status.state === 'kept' ? undefined : STATE_WORDS[status.state];
  return [...(state === undefined ? [] : [state]), ...listRuleFaults(status), ...listStartFaults(status)];
}

function listRuleFaults({ rules, runs }: OwnerStatus): readonly string[] {
  if (runs === 'closed')
    return [
      'its release could not be loaded, so all that it opens is closed, but for management: see the journal of cpanel-edge.service',
    ];
  if (rules === 'edited') return ['our rules were edited by hand'];
  if (rules === 'elsewhere') return [RULES_ELSEWHERE];
  return rules === 'absent' ? ['our rules are absent: they were flushed'] : [];
}

function findDifferences(
  status: OwnerStatus | undefined,
  { release, owner, role }: OwnershipRecord,
  ownershipRecords: readonly OwnershipRecord[],
  gateways: () => readonly GatewayPolicy[],
  deviceStatus: DeviceStatus,
  { compareAssumedFacts, verifyLive }: VerifyChecks,
): OwnerFindings {
  if (!status) return { ...NO_FINDINGS, differences: [STATE_WORDS.nothing!] };
  const state = STATE_WORDS[status.state];
  const faults = [...(state === undefined ? [] : [state]), ...listRuleFaults(status)];
  const restartFaults = listStartFaults(status);
  if (!release)
    return {
      ...NO_FINDINGS,
      differences: [...faults, ...restartFaults, 'the synthesized stack has no release for it'],
    };
  const otherPlatform = findOtherPlatform(release, status);
  if (otherPlatform !== undefined) faults.push(describeOtherPlatform(release, otherPlatform));
  else if (status.digest !== release.digest) faults.push(describeOtherRelease(release));
  // In a transient state the rules may be anything.
  if (status.state !== 'confirmed' || otherPlatform !== undefined)
    return { ...NO_FINDINGS, differences: [...faults, ...restartFaults] };
  const otherReleases = ownershipRecords.flatMap((record) =>
    record.release && (record.owner !== owner || record.role !== role) ? [record.release] : [],
  );
  const { drift, unreadReasons } = findDriftOrReason(release, otherReleases, deviceStatus);
  const isIntact = faults.length === 0;
  const ports = drift.filter((portDrift) => isDrift(portDrift, isIntact));
  const lines = [
    ...findMissingAddresses(release, deviceStatus),
    ...listNatDifferences(deviceStatus.facts.cpanelNat, release),
    ...listEdits(status, deviceStatus),
  ];
  const otherDrift = drift.filter((portDrift) => !ports.includes(portDrift));
  // Missing or other rules need no verification: the next delivery restores them.
  const judgement = isIntact ? verifyLive(release, deviceStatus.ruleset, deviceStatus.facts) : undefined;
  const verification = judgement
    ? [...compareAssumedFacts(release, deviceStatus.facts).refusals, ...judgement.refusals]
    : [];
  // The verification repeats the differences in ports, only longer.
  const extraReasons =
    ports.length === 0 ? verification : verification.filter((line) => !/nothing asks for it|than asked for/.test(line));
  // If our rules are not as delivered, they may close less than the release.
  const rulesNotes =
    isIntact && ports.length + extraReasons.length === 0 ? listCpanelNotes(deviceStatus.facts.cpanelRules) : [];
  return {
    differences: [
      ...faults,
      ...restartFaults,
      ...ports.map(printDrift),
      ...lines,
      ...extraReasons,
      ...(ports.length + extraReasons.length > 0 ? [] : unreadReasons),
    ],
    notes: [
      ...otherDrift.map(printDrift),
      ...judgeLegacyTables(deviceStatus.facts).reports,
      ...rulesNotes,
      ...listNatNotes(deviceStatus.facts.cpanelNat, release, gateways),
      ...listLoopbackNotes(deviceStatus, release, gateways),
      ...listLoginNotes(deviceStatus.logins),
    ],
    narrowed: judgement?.narrower ?? [],
    drift,
  };
}

/** Limit of printed edits. */
const MAX_SHOWN_EDITS = 20;

function listEdits({ owner, role, rules }: OwnerStatus, { edits = [] }: DeviceStatus): readonly string[] {
  if (rules !== 'edited') return [];
  const lines = edits
    .filter((edit) => edit.owner === owner && edit.role === role)
    .map(({ kind, text }) =>
      kind === 'gone' ? `a line of ours is gone: ${text}` : `a line that is not ours is in our table: ${text}`,
    );
  return lines.length > MAX_SHOWN_EDITS
    ? [...lines.slice(0, MAX_SHOWN_EDITS), `and ${lines.length - MAX_SHOWN_EDITS} more lines`]
    : lines;
}

const describeOtherPlatform = ({ digest, platform }: Release, runs: string): string =>
  `it runs a release of platform ${runs} of this owner; this folder's, ${digest}, is of platform ${platform}`;

const describeOtherRelease = ({ digest }: Release): string =>
  `it runs another release than this folder's, which is ${digest}`;
