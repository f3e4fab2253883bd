// Creates the phrases and commands about one device for the remedies that `doctor` prints.

import { ManualFixes } from '../../lib/agent-protocol/device-system';
import { escapeForDisplay } from '../../lib/problems/problem';
import { Policy } from '../../lib/policy/policy';
import { getPlatform } from '../../lib/verifier/verify-policy';
import { formatBootstrapCommand } from '../device-context';
import { describeNextRun } from '../cpanel-rules';
import { DevicePolicy } from './diagnosis-case';
import { DeviceAnswers } from './device-look';
import { DecidingLine } from './rule-decision';
import { getSystem } from '../agent-program';
import { OperatorProject, quoteWord, formatCommand } from '../operator-project';
import { OwnerComparison } from '../compare-with-stacks';

/** The words about one device, and the commands for it. */
export interface DeviceCommands {
  readonly device: string;
  /** Delivers again what the stack says. */
  readonly redeliver: string;
  readonly notAskable: string;
  /** Reason why one of our rules is missing. */
  readonly lossReason: string;
  /** Appended if our own rules were changed. */
  readonly changed: string;
  /** Shows all its rules. */
  readonly rules: string;
  /** Returns a command on the device, for root. */
  shell(command: string): string;
  /** Returns a command for root, or the place on the device's own pages. */
  fix(formatFix: (fixes: ManualFixes) => string): string;
  describeOwner(line: DecidingLine): string;
  remove(line: DecidingLine): string;
  /** Returns whether a rule of cPanel's stays as it is; '' if that isn't known, and for other rules. */
  describePersistence(line: DecidingLine): string;
  refusedByDefault(because: string): string;
}

export function createDeviceCommands(
  { ownershipRecord, policy }: DevicePolicy<Policy>,
  project: OperatorProject,
  { deviceStatus }: DeviceAnswers,
  verification: OwnerComparison | undefined,
): DeviceCommands {
  const { device, connection, owner, role } = ownershipRecord;
  const { live: inspector } = getPlatform(policy);
  const { manualFixes } = getSystem(policy.platform);
  const rules = deviceStatus.owners.find((status) => status.owner === owner && status.role === role)?.rules;
  const login = [
    'ssh',
    ...(connection.port === 22 ? [] : ['-p', String(connection.port)]),
    `${connection.user}@${connection.host}`,
  ];
  const shell = (command: string): string => `as root on ${device} (${login.map(quoteWord).join(' ')}): ${command}`;
  const redeliver = `in ${escapeForDisplay(project.folder)}: ${verification?.next ?? project.apply}`;
  const describePersistence = ({ cpanelEffect }: DecidingLine): string =>
    describeNextRun(cpanelEffect, deviceStatus.facts.cpanelRules);
  const verify = formatCommand(project, ['verify', device], connection, device);
  return {
    device,
    redeliver,
    notAskable: `the agent of ${device} is too old to be asked (before protocol 5): an apply as root updates it, or ${formatBootstrapCommand(connection, project)}`,
    lossReason:
      rules === 'edited'
        ? 'our rules were edited by hand.'
        : rules === 'absent'
          ? 'our rules are gone: they were flushed.'
          : `see ${verify}.`,
    changed: rules === 'edited' ? ', and our rules were edited by hand' : '',
    shell,
    fix: (formatFix) =>
      manualFixes.by === 'commands'
        ? shell(formatFix(manualFixes))
        : `on the pages of ${device}: ${formatFix(manualFixes)}`,
    describeOwner: ({ owner, isManual, unit }) =>
      isManual
        ? ', a line that was added to our rules by hand'
        : owner === 'ours'
          ? rules === 'edited'
            ? ' (our rules were edited by hand)'
            : ''
          : owner === 'another owner'
            ? `, of another owner's release (${escapeForDisplay(unit)})`
            : ', which is not of cpanel-edge',
    describePersistence,
    remove: (line) =>
      line.owner === 'ours'
        ? redeliver
        : line.changeHint
          ? [
              `change it ${line.changeHint}; ${shell(inspector.shown(line.unit))} shows what is left`,
              describePersistence(line),
            ]
              .filter(Boolean)
              .join('; ')
          : shell(`${inspector.shown(line.unit)}, then take the rule away where it comes from`),
    rules: shell(inspector.shown()),
    refusedByDefault: (reason) =>
      rules === 'as-loaded' ? `${shell(inspector.shown())}; ${escapeForDisplay(reason)}` : redeliver,
  };
}
