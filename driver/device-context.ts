import { Connection } from '../lib/agent-protocol/release';
import { OperatorProject, findOwnProject, formatCommand } from './operator-project';

/** Whom a question went to: for the place of a problem, and for the commands that its text names. */
export interface DeviceContext {
  readonly connection: Connection;
  readonly device: string;
  readonly owner?: string;
  /** Default: that of the process Terraform started. */
  readonly project?: OperatorProject;
}

export const formatPlace = ({ device, owner }: DeviceContext): string =>
  owner === undefined ? device : `${owner} on ${device}`;

/** A command of this package about this device, as the operator types it. */
export const formatDeviceCommand = ({ connection, device, project }: DeviceContext, words: readonly string[]): string =>
  formatCommand(project ?? findOwnProject(), words, connection, device);

/** What prints the script that root runs on the device. It asks nobody, so it needs no stack. `allowed`: for the login's file. */
export const formatBootstrapCommand = (
  { user }: Connection,
  project: OperatorProject = findOwnProject(),
  allowed: readonly string[] = [],
): string =>
  [
    `${project.edge} bootstrap`,
    ...(user === 'root' ? [] : [`--user ${user}`, ...(allowed.length > 0 ? [`--allow ${allowed.join()}`] : [])]),
  ].join(' ');
