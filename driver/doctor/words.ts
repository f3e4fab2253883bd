import { Fixes } from '../../lib/agent-protocol/system';
import { printable } from '../../lib/problems/problem';
import { Policy } from '../../lib/policy/policy';
import { platformOf } from '../../lib/verifier/prove';
import { bootstrapCommand } from '../device-asked';
import { afterNextRun } from '../cpanel-rules';
import { Part } from './case';
import { Seen } from './look';
import { DecidingLine } from './rules';
import { systemOf } from '../program';
import { Project, quoted, typed } from '../project';
import { VerifiedOwner } from '../verify';

/** What is said of one device, and what to type there. */
export interface At {
  readonly device: string;
  /** Delivers again what the stack says. */
  readonly redeliver: string;
  readonly notAskable: string;
  /** Why a rule of ours isn't there. */
  readonly lost: string;
  /** Appended where our own rules were changed. */
  readonly changed: string;
  /** Shows all its rules. */
  readonly rules: string;
  /** A command on the device, for root. */
  shell(command: string): string;
  /** A command for root, or where the device's own pages have it. */
  fix(of: (fixes: Fixes) => string): string;
  whose(line: DecidingLine): string;
  remove(line: DecidingLine): string;
  /** Whether a rule of cPanel's stays as it is; '' where nobody knows, and of others. */
  stays(line: DecidingLine): string;
  refusedByDefault(because: string): string;
}

export function at(
  { holder, policy }: Part<Policy>,
  project: Project,
  { look }: Seen,
  verified: VerifiedOwner | undefined,
): At {
  const { device, connection, owner, role } = holder;
  const { live } = platformOf(policy);
  const { fixes } = systemOf(policy.platform);
  const rules = look.owners.find((held) => held.owner === owner && held.role === role)?.rules;
  const login = [
    'ssh',
    ...(connection.port === 22 ? [] : ['-p', String(connection.port)]),
    `${connection.user}@${connection.host}`,
  ];
  const shell = (command: string): string => `as root on ${device} (${login.map(quoted).join(' ')}): ${command}`;
  const redeliver = `in ${printable(project.folder)}: ${verified?.next ?? project.apply}`;
  const stays = ({ byCpanel }: DecidingLine): string => afterNextRun(byCpanel, look.facts.cpanelRules);
  const verify = typed(project, ['verify', device], connection, device);
  return {
    device,
    redeliver,
    notAskable: `the device program of ${device} is too old to be asked (before protocol 5): an apply as root updates it, or ${bootstrapCommand(connection, project)}`,
    lost:
      rules === 'edited'
        ? 'our rules were edited by hand.'
        : rules === 'absent'
          ? 'our rules are gone, somebody flushed them.'
          : `see ${verify}.`,
    changed: rules === 'edited' ? ', and our rules were edited by hand' : '',
    shell,
    fix: (of) => (fixes.by === 'commands' ? shell(of(fixes)) : `on the pages of ${device}: ${of(fixes)}`),
    whose: ({ whose, byHand, unit }) =>
      byHand
        ? ', a line that somebody added to our rules by hand'
        : whose === 'ours'
          ? rules === 'edited'
            ? ' (our rules were edited by hand)'
            : ''
          : whose === 'another owner'
            ? `, of another owner's release (${printable(unit)})`
            : ', which is not of cpanel-edge',
    stays,
    remove: (line) =>
      line.whose === 'ours'
        ? redeliver
        : line.change
          ? [`change it ${line.change}; ${shell(live.shown(line.unit))} shows what is left`, stays(line)]
              .filter(Boolean)
              .join('; ')
          : shell(`${live.shown(line.unit)}, then take the rule away where it comes from`),
    rules: shell(live.shown()),
    refusedByDefault: (because) =>
      rules === 'as-loaded' ? `${shell(live.shown())}; ${printable(because)}` : redeliver,
  };
}
