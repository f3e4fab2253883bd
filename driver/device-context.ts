// The device and owner that a message is about: printed as the place of a problem, and as the command that the operator
// types next, such as `verify web1` or `bootstrap`.

import { Connection } from '../lib/agent-protocol/release';
import { OperatorProject, findOwnProject, formatCommand } from './operator-project';

/** The device of a question: for the place of a problem, and for the commands in its text. */
export interface DeviceContext {
  readonly connection: Connection;
  readonly device: string;
  readonly owner?: string;
  /** Default: that of the process Terraform started. */
  readonly project?: OperatorProject;
}

export const formatPlace = ({ device, owner }: DeviceContext): string =>
  owner === undefined ? device : `${owner} on ${device}`;

/** Returns a command of this package about this device, in the form that the operator types. */
export const formatDeviceCommand = ({ connection, device, project }: DeviceContext, words: readonly string[]): string =>
  formatCommand(project ?? findOwnProject(), words, connection, device);

/**
 * Returns the command that prints the script for root on the device. It contacts no device, so it needs no stack.
 * `allowed`: for the login's file.
 */
export const formatBootstrapCommand = (
  { user }: Connection,
  project: OperatorProject = findOwnProject(),
  allowed: readonly string[] = [],
): string =>
  [
    `${project.packageCommand} bootstrap`,
    ...(user === 'root' ? [] : [`--user ${user}`, ...(allowed.length > 0 ? [`--allow ${allowed.join()}`] : [])]),
  ].join(' ');
