// Runs the steps of `doctor` for one question, along the way of the packet: intent, gateway, server, and back.
// Returns the steps and the most likely cause.

import { Policy } from '../../lib/policy/policy';
import { Problem, escapeForDisplay } from '../../lib/problems/problem';
import { DiagnosisCase, DevicePolicy, UnmappedCase } from './diagnosis-case';
import {
  HAIRPIN,
  OUTBOUND,
  checkHairpin,
  checkLoopback,
  checkCpanelKnows,
  checkOutbound,
} from './public-address-steps';
import {
  GATEWAY_RULES,
  ROUTE,
  TRANSLATED,
  VIRTUAL_IP,
  checkGatewayRules,
  checkRoute,
  checkVirtualIp,
} from './gateway-steps';
import { checkIntent, checkUnmapped } from './intent-steps';
import { AskedDevice, DeviceAnswers, isAsked } from './device-look';
import { LISTENS, SERVER_RULES, WAY_BACK, checkListening, checkServerRules, checkWayBack } from './server-path-steps';
import {
  Cause,
  DiagnosisStep,
  findMostLikely,
  createNotAskedStep,
  createRightStep,
  createUnknownStep,
  createWrongStep,
} from './diagnosis-step';
import { DeviceCommands, createDeviceCommands } from './device-commands';
import { DeviceStatus } from '../device-status';
import { OperatorProject } from '../operator-project';
import { compareAssumedFacts, verifyLive } from '../verify-live';
import { OwnershipRecord } from '../synthesized-stack';
import { DeviceComparison, OwnerComparison, verifyDevice } from '../compare-with-stacks';

/** The result of all troubleshooting steps, in their order. */
export interface Diagnosis {
  readonly steps: readonly DiagnosisStep[];
  /** The most likely cause; undefined if nothing is wrong, or nothing could be decided. */
  readonly cause?: Cause;
  readonly outcome: 'nothing wrong' | 'a cause' | 'not asked' | 'not decidable';
  /** Reasons why a device could not be asked. */
  readonly problems: readonly Problem[];
}

export interface DiagnosisInput {
  readonly gateway: AskedDevice;
  /** Undefined if no stack has the server. */
  readonly server: AskedDevice | undefined;
  readonly getProject: (ownershipRecord: OwnershipRecord) => OperatorProject;
  /** Compares all that a device holds with the stacks. */
  readonly compareDevice: (ownershipRecord: OwnershipRecord, deviceStatus: DeviceStatus) => DeviceComparison;
}

/**
 * `ownershipRecords`: those of all devices of the stacks. Many addresses may lead by one device, whose comparison is
 * made once.
 */
export function createVerifier(
  ownershipRecords: readonly OwnershipRecord[],
  getProject: DiagnosisInput['getProject'],
): Pick<DiagnosisInput, 'getProject' | 'compareDevice'> {
  const verifications = new WeakMap<DeviceStatus, Map<string, DeviceComparison>>();
  return {
    getProject,
    compareDevice: (ownershipRecord, deviceStatus) => {
      const { device } = ownershipRecord;
      const cached = verifications.get(deviceStatus) ?? new Map<string, DeviceComparison>();
      const deviceRecords = ownershipRecords.filter((record) => record.device === device);
      const verification =
        cached.get(device) ??
        verifyDevice(
          deviceStatus,
          device,
          { ownershipRecords: deviceRecords },
          (deviceRecord) => getProject(deviceRecord ?? ownershipRecord),
          VERIFY_CHECKS,
        );
      verifications.set(deviceStatus, cached.set(device, verification));
      return verification;
    },
  };
}

export const diagnoseUnmapped = (subject: UnmappedCase, project: OperatorProject): Diagnosis =>
  summarizeSteps([checkUnmapped(subject, project)], []);

/** The steps follow the packet: intent, gateway, server, and back. */
export function diagnose(
  subject: DiagnosisCase,
  { gateway, server, getProject, compareDevice }: DiagnosisInput,
): Diagnosis {
  const project = getProject(subject.gateway.ownershipRecord);
  const steps: DiagnosisStep[] = [checkIntent(subject, project)];
  const problems: Problem[] = [];
  const addRefusal = (device: AskedDevice | undefined): void =>
    void (device && 'refusal' in device && problems.push(...device.refusal.problems));
  addRefusal(gateway);
  addRefusal(server);
  const describeDevice = (
    part: DevicePolicy<Policy>,
    answers: DeviceAnswers,
  ): readonly [DeviceCommands, DiagnosisStep] => {
    const { ownershipRecord } = part;
    const verification = compareDevice(ownershipRecord, answers.deviceStatus);
    const ownerVerification = verification.owners.find(
      ({ owner, role }) => owner === ownershipRecord.owner && role === ownershipRecord.role,
    );
    return [
      createDeviceCommands(part, getProject(ownershipRecord), answers, ownerVerification),
      checkRelease(ownershipRecord, verification, ownerVerification, getProject(ownershipRecord)),
    ];
  };
  const notAskedReason = `${subject.gateway.ownershipRecord.device} could not be asked`;
  const gatewayAnswers = isAsked(gateway)
    ? { answers: gateway, description: describeDevice(subject.gateway, gateway) }
    : undefined;
  let arrivalDecision: Parameters<typeof checkServerRules>[3];
  if (gatewayAnswers) {
    const [commands, release] = gatewayAnswers.description;
    const [translationStep, filterStep, gatewayDecision] = checkGatewayRules(subject, gatewayAnswers.answers, commands);
    arrivalDecision = gatewayDecision;
    steps.push(
      release,
      checkVirtualIp(subject, gatewayAnswers.answers, commands),
      checkRoute(subject, gatewayAnswers.answers, commands),
      translationStep,
      filterStep,
    );
  } else {
    const release = nameReleaseStep(subject.gateway.ownershipRecord.device);
    steps.push(
      ...[release, VIRTUAL_IP, ROUTE, TRANSLATED, GATEWAY_RULES].map((step) =>
        createNotAskedStep(step, notAskedReason),
      ),
    );
  }
  const askedServer =
    subject.server && isAsked(server)
      ? { part: subject.server, answers: server, description: describeDevice(subject.server, server) }
      : undefined;
  if (askedServer) {
    const [commands, release] = askedServer.description;
    steps.push(
      release,
      checkServerRules(subject, askedServer.part, askedServer.answers, arrivalDecision, commands),
      checkListening(subject, askedServer.part, askedServer.answers, commands),
    );
    steps.push(checkWayBack(subject, askedServer.part, askedServer.answers, arrivalDecision, commands));
  } else {
    const reason = subject.server
      ? `${subject.server.ownershipRecord.device} could not be asked`
      : 'no synthesized stack has this server';
    const name = subject.server?.ownershipRecord.device ?? 'the server';
    steps.push(
      ...[nameReleaseStep(name), SERVER_RULES, LISTENS, WAY_BACK].map((step) => createNotAskedStep(step, reason)),
    );
  }
  const serverAnswers = askedServer
    ? { devicePolicy: askedServer.part, answers: askedServer.answers, commands: askedServer.description[0] }
    : undefined;
  const hairpinStep = gatewayAnswers
    ? checkHairpin(subject, gatewayAnswers.answers, serverAnswers, gatewayAnswers.description[0])
    : createNotAskedStep(HAIRPIN, notAskedReason);
  steps.push(checkLoopback(hairpinStep, subject, serverAnswers, subject.gateway.ownershipRecord.device));
  steps.push(
    gatewayAnswers
      ? checkOutbound(subject, gatewayAnswers.answers, gatewayAnswers.description[0])
      : createNotAskedStep(OUTBOUND, notAskedReason),
  );
  if (askedServer) steps.push(...checkCpanelKnows(subject, askedServer.answers, askedServer.description[0]));
  return summarizeSteps(steps, problems);
}

const VERIFY_CHECKS = { compareAssumedFacts, verifyLive };
const nameReleaseStep = (device: string): string => `${device} runs its release`;

/** Line of a comparison whose text is unreadable or too large: whether the device holds the release isn't known. */
const UNREADABLE_LINE = /^[a-z-]+\/[a-z-]+ at /;

/** Any difference may be the cause; the later steps report the certain causes. */
function checkRelease(
  ownershipRecord: OwnershipRecord,
  verification: DeviceComparison,
  ownerVerification: OwnerComparison | undefined,
  project: OperatorProject,
): DiagnosisStep {
  const name = nameReleaseStep(ownershipRecord.device);
  if (ownerVerification?.matches)
    return createRightStep(
      name,
      `release ${ownershipRecord.release?.digest.slice(0, 12) ?? ''} as delivered`,
      ...ownerVerification.notes,
    );
  const differences = ownerVerification?.differences ?? verification.lines;
  if (differences.length > 0 && differences.every((line) => UNREADABLE_LINE.test(line)))
    return createUnknownStep(name, ...differences.map(escapeForDisplay));
  const first = (differences[0] ?? 'it differs').replace(/\.$/, '');
  const isGone = /our rules are absent|holds nothing of this owner/.test(first);
  const listedDifferences =
    differences.length > 6 ? [...differences.slice(0, 6), `and ${differences.length - 6} more`] : differences;
  return createWrongStep(
    name,
    listedDifferences.map(escapeForDisplay),
    isGone
      ? `${ownershipRecord.device} runs none of our rules: ${first}.`
      : `${ownershipRecord.device} does not run what the stack says: ${first}.`,
    `in ${project.folder}: ${ownerVerification?.next ?? project.apply}`,
    isGone ? 'decides' : 'differs',
  );
}

function summarizeSteps(steps: readonly DiagnosisStep[], problems: readonly Problem[]): Diagnosis {
  const cause = findMostLikely(steps);
  const isSure = cause !== undefined && cause.weight !== 'perhaps';
  const outcome = isSure
    ? 'a cause'
    : problems.length > 0 || steps.some(({ status }) => status === 'not asked')
      ? 'not asked'
      : steps.some(({ status }) => status === 'unknown')
        ? 'not decidable'
        : 'nothing wrong';
  return { steps, outcome, problems, ...(cause ? { cause } : {}) };
}

/** Exit statuses, for scripts. */
export const EXIT_STATUS: Readonly<Record<Diagnosis['outcome'], number>> = {
  'nothing wrong': 0,
  'a cause': 1,
  'not asked': 2,
  'not decidable': 3,
};
