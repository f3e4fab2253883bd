/**
 * How the driver reaches a device. Secrets are references only.
 *
 * @throws intent/secret-as-value
 */
export interface ConnectionIntent {
  /** Name or address, without user and port. @example host: '192.0.2.2' @throws intent/bad-host */
  readonly host: string;
  /** Where SSH listens, 1 to 65535. @default 22 @example port: 2222 */
  readonly port?: number;
  /** Who logs in. @default root @example user: 'deploy' @throws intent/bad-user */
  readonly user?: string;
  /**
   * Public host keys as in known_hosts without the host part, or `@cert-authority <key>`.
   *
   * @example hostKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO3TARdtIVD8IOh+RQOd+QSay+rmqvZ3UtoGasBzNRd5']
   * @throws intent/host-keys-missing, intent/bad-host-key
   */
  readonly hostKeys: readonly string[];
  /**
   * Path of a private key file on the runner, from `/`, or from `~/`, its account's home.
   *
   * @default the agent's keys
   * @example identityFile: '~/.ssh/deploy'
   * @throws intent/bad-path
   */
  readonly identityFile?: string;
  /**
   * Name of the environment variable with the agent's socket.
   *
   * @default SSH_AUTH_SOCK
   * @example agentVariable: 'DEPLOY_AUTH_SOCK'
   * @throws intent/bad-variable
   */
  readonly agentVariable?: string;
  /**
   * Host by which it is reached, at most four in a row. `none` is written where defaults have one.
   *
   * @default none
   * @example jump: { host: '192.0.2.9', hostKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO3TARdtIVD8IOh+RQOd+QSay+rmqvZ3UtoGasBzNRd5'] }
   * @throws intent/too-large, intent/jump-to-itself
   */
  readonly jump?: ConnectionIntent | 'none';
  /** Whether ~/.ssh/config is read. @default false @example userConfiguration: true */
  readonly userConfiguration?: boolean;
  /** Seconds until an unconfirmed release is undone, 10 to 3600. Not on a jump host. @default 90 @example rollbackSeconds: 180 */
  readonly rollbackSeconds?: number;
}
