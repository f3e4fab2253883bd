// Explains why an agent's answer can't be used, and throws for answers that are not `ok` or have the wrong digest.

import { Connection } from '../lib/agent-protocol/release';
import { Problem, Refusal } from '../lib/problems/problem';
import { MAX_RETRY_SECONDS, isTurnedAway } from './retry-turned-away';
import { AgentAnswer } from './agent-answer';
import { DeviceContext, formatBootstrapCommand, formatPlace } from './device-context';
import { AGENT_PATH } from './agent-program';
import { OperatorProject } from './operator-project';
import { explainRefusal } from './refusal-messages';

/** Returns why an answer has no result, with what the operator should check. */
export function explainNoAnswer(connection: Connection, answer: AgentAnswer, project?: OperatorProject): Problem {
  // ssh advises to edit a file of the driver that no longer exists by then.
  const errorText = answer.errorLines
    .filter((line) => !/known_hosts|remove with:|ssh-keygen -f/.test(line))
    .join(' / ')
    .replace(/\.$/, '');
  const host = connection.host.includes(':') ? `[${connection.host}]` : connection.host;
  const where = `${connection.user}@${host}:${connection.port}`;
  if (isTurnedAway(answer)) return createTurnedAwayProblem(where, errorText);
  const isBroken = answer.status === 255 || answer.status === undefined;
  // ssh reports its own errors at the end of a broken connection. A program that prints the same text was reached.
  const reason = FAILURE_REASONS.find(
    ({ pattern, isSshError }) => (isBroken || isSshError !== true) && pattern.test(errorText),
  );
  if (reason)
    return {
      code: reason.code,
      where,
      what: `${reason.what}${errorText === '' ? '' : ` (${errorText})`}`,
      instead: reason.instead(connection, project),
    };
  if (!isBroken && answer.printed) return createForeignAnswerProblem(connection, where, answer.printed, errorText);
  return {
    code: isBroken ? 'driver/unreachable' : 'driver/no-result',
    where,
    what: isBroken
      ? `The connection could not be made or broke${errorText === '' ? '' : `: ${errorText}`}.`
      : `The login works, and its session ended before the agent said a result${errorText === '' ? '' : `: ${errorText}`}.`,
    instead: isBroken
      ? 'look at the device, the line, and whether the device bans the address of this machine (fail2ban, cPHulk, lfd); then try again.'
      : `${describeLoginFix(connection)}; then try again.`,
  };
}

const createTurnedAwayProblem = (where: string, errorText: string): Problem => ({
  code: 'driver/unreachable',
  where,
  what: `sshd on the device (or on a jump host before it) closed every connection before it heard a word, for ${MAX_RETRY_SECONDS} s (${errorText}).`,
  instead:
    'wait for a minute, then try again. Its journal on the device says why it drops the address of this machine: it punishes it for connections without a login (PerSourcePenalties in sshd_config; PerSourcePenaltyExemptList spares an address), or too many are there who have not logged in yet (MaxStartups).',
});

/**
 * Returns the problem of a login shell or a forced command that ends the session itself, or goes on after the agent.
 */
const createForeignAnswerProblem = (
  connection: Connection,
  where: string,
  printed: readonly string[],
  errorText: string,
): Problem => ({
  code: 'driver/no-result',
  where,
  what: `The login works, and its shell, or a forced command, answers in the place of the agent, or writes on after it. It printed: ${printed.join(' / ')}${errorText === '' ? '' : ` (and: ${errorText})`}`,
  instead: `${describeLoginFix(connection)}; then try again.`,
});

const describeLoginFix = ({ user }: Connection): string =>
  `on the device, look at the login shell of ${user} (getent passwd ${user}; usermod -s /bin/sh ${user} gives it one that runs commands), what its start files print, command= before its key in authorized_keys, and ForceCommand in sshd_config`;

interface FailureReason {
  readonly pattern: RegExp;
  readonly code: string;
  readonly what: string;
  readonly instead: (connection: Connection, project?: OperatorProject) => string;
  readonly isSshError?: true;
}

const describeInstallation: FailureReason['instead'] = (connection, project) =>
  `run as root on the device what this prints: ${formatBootstrapCommand(connection, project)}`;

const FAILURE_REASONS: readonly FailureReason[] = [
  {
    pattern: /spawn ssh E[A-Z]+/,
    isSshError: true,
    code: 'driver/no-ssh',
    what: 'ssh can not be started on this machine, so nothing was sent.',
    instead: () => 'install the OpenSSH client there, in a folder of PATH.',
  },
  {
    pattern: /No user exists for uid/,
    isSshError: true,
    code: 'driver/no-ssh',
    what: 'ssh does not run for an account of this machine that has no name, so nothing was sent.',
    instead: () =>
      'a line for it in /etc/passwd there, or another account; containers that are given any number as user need one.',
  },
  {
    pattern: /Certificate invalid: (?:expired|not yet valid)/,
    isSshError: true,
    code: 'driver/host-key',
    what: 'The host certificate of the device (or of a jump host before it) is not valid now, by the clock of this machine. Nothing was sent.',
    instead: () =>
      'compare the clock of this machine with what ssh-keygen -L -f prints of the certificate on the device (HostCertificate in its sshd_config); set the clock, or have the key signed anew.',
  },
  {
    pattern: /Certificate invalid: name is not a listed principal/,
    isSshError: true,
    code: 'driver/host-key',
    what: 'The host certificate of the device (or of a jump host before it) is for another name than the one that the intent has as host. Nothing was sent.',
    instead: ({ host }) =>
      `have it signed for ${host}, or write the name that it is for; ssh-keygen -L -f prints it on the device.`,
  },
  {
    pattern:
      /Host key verification failed|REMOTE HOST IDENTIFICATION|host key for|No .* host key is known|Host key .* mismatch/i,
    isSshError: true,
    code: 'driver/host-key',
    what: 'The device (or a jump host before it) showed another host key than those in the intent. Nothing was sent.',
    instead: () =>
      'compare on the console of the device (cat /etc/ssh/ssh_host_*_key.pub); a rebuilt machine needs its new key in hostKeys of the intent.',
  },
  {
    pattern: /Permission denied|Too many authentication failures|no mutual signature|Load key/i,
    isSshError: true,
    code: 'driver/login-refused',
    what: 'The device refused the login.',
    instead: ({ user }) =>
      `check the user, and that the agent or the identity file holds a key that the device accepts. A login shell that is not there (getent passwd ${user}) is refused likewise; the journal of sshd on the device says so.`,
  },
  {
    pattern: /sudo: .*must have a tty/i,
    code: 'driver/sudo-refused',
    what: 'The login works, but sudo wants a terminal (requiretty), which a delivery has not.',
    instead: () => `as root on the device, by visudo: Defaults!${AGENT_PATH} !requiretty`,
  },
  {
    // For a user who may run something else, or nothing, sudo prints the message without its own name.
    pattern:
      /^(?!.*account validation failure).*(?:sudo: a password is required|Sorry, user \S+ is not allowed to execute|is not in the sudoers file)/i,
    code: 'driver/sudo-refused',
    what: 'The login works, but sudo does not let this user run the agent.',
    instead: (connection, project) =>
      `${describeInstallation(connection, project)}; where its line in sudoers.d is there already, a later rule takes it back, or that folder is not read: sudo -l -U ${connection.user}`,
  },
  {
    pattern: /sudo:/i,
    code: 'driver/sudo-refused',
    what: 'The login works, but sudo does not come to run the agent.',
    instead: (connection, project) =>
      `as root on the device, mend what it says; as ${connection.user}, sudo -n ${AGENT_PATH} protocol shows whether it runs. Where it says that this user has no right to: ${describeInstallation(connection, project)}`,
  },
  {
    // Each shell names the program that it doesn't find; sudo has a reason of its own above.
    pattern:
      /cpanel-edge-device.*(?:not found|No such file or directory)|(?:Unknown command|no such file or directory): \S*cpanel-edge-device/i,
    code: 'driver/no-program',
    what: 'The agent is not installed.',
    instead: describeInstallation,
  },
  {
    pattern: /not found|No such file or directory|Unknown command/i,
    code: 'driver/login-shell',
    what: 'The login works, and its shell fails before it starts the agent.',
    instead: (connection) => `${describeLoginFix(connection)}; then try again.`,
  },
];

/**
 * Returns the result of an answer.
 *
 * @throws Refusal for anything but an ok with one of these words: a device that always says yes proves nothing.
 */
export function expectOk(
  context: DeviceContext,
  answer: AgentAnswer,
  words: readonly string[],
): NonNullable<AgentAnswer['result']> {
  if (!answer.result) throw new Refusal([explainNoAnswer(context.connection, answer, context.project)]);
  if (answer.result.is !== 'ok') throw new Refusal([explainRefusal(context, answer)]);
  if (!words.includes(answer.result.word))
    throw new Refusal([
      createOddAnswerProblem(context, `"${answer.result.word}" instead of "${words.join('" or "')}"`),
    ]);
  return answer.result;
}

/** Checks that the device runs exactly the sent release. */
export function expectDigest(context: DeviceContext, result: NonNullable<AgentAnswer['result']>, digest: string): void {
  const deviceDigest = result.values['digest'] ?? 'none';
  if (deviceDigest !== digest)
    throw new Refusal([
      createOddAnswerProblem(context, `release ${deviceDigest.slice(0, 12)} instead of ${digest.slice(0, 12)}`),
    ]);
}

const createOddAnswerProblem = (context: DeviceContext, answerText: string): Problem => ({
  code: 'driver/odd-answer',
  where: formatPlace(context),
  what: `The agent answered ${answerText}.`,
  instead: 'look at the device: its program is not the one that this package installs.',
});
