import { Connection } from '../lib/agent-protocol/release';
import { Project, ownProject, typed } from './project';

/** Whom a question went to: for the place of a problem, and for the commands that its text names. */
export interface Asked {
  readonly connection: Connection;
  readonly device: string;
  readonly owner?: string;
  /** Default: that of the process Terraform started. */
  readonly project?: Project;
}

export const placeOf = ({ device, owner }: Asked): string => (owner === undefined ? device : `${owner} on ${device}`);

/** A command of this package about this device, as the operator types it. */
export const commandFor = ({ connection, device, project }: Asked, words: readonly string[]): string =>
  typed(project ?? ownProject(), words, connection, device);

/** What prints the script that root runs on the device. It asks nobody, so it needs no stack. `allowed`: for the login's file. */
export const bootstrapCommand = (
  { user }: Connection,
  project: Project = ownProject(),
  allowed: readonly string[] = [],
): string =>
  [
    `${project.edge} bootstrap`,
    ...(user === 'root' ? [] : [`--user ${user}`, ...(allowed.length > 0 ? [`--allow ${allowed.join()}`] : [])]),
  ].join(' ');
