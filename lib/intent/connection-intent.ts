// Types of what users write for the SSH connection to a device, with its jump hosts.

/** The SSH connection to a device. Secrets are given as references, never as values. @throws intent/secret-as-value */
export interface ConnectionIntent {
  /** Name or address, without user and port. @example host: '192.0.2.2' @throws intent/bad-host */
  readonly host: string;
  /** TCP port of SSH, 1 to 65535. @default 22 @example port: 2222 */
  readonly port?: number;
  /** Account that logs in. @default root @example user: 'deploy' @throws intent/bad-user */
  readonly user?: string;
  /**
   * Public host keys. Each is written as in known_hosts without the host part, or as `@cert-authority <key>`.
   *
   * @example hostKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO3TARdtIVD8IOh+RQOd+QSay+rmqvZ3UtoGasBzNRd5']
   * @throws intent/host-keys-missing, intent/bad-host-key
   */
  readonly hostKeys: readonly string[];
  /**
   * Path of a private key file on the runner. It begins with `/`, or with `~/` for the home of the runner's account.
   *
   * @default the agent's keys
   * @example identityFile: '~/.ssh/deploy'
   * @throws intent/bad-path
   */
  readonly identityFile?: string;
  /**
   * Name of the environment variable that holds the path of the SSH agent's socket.
   *
   * @default SSH_AUTH_SOCK
   * @example agentVariable: 'DEPLOY_AUTH_SOCK'
   * @throws intent/bad-variable
   */
  readonly agentVariable?: string;
  /**
   * Jump host. It may have a jump host itself, at most four in a row. `none` overrides a jump host in `Defaults`.
   *
   * @default none
   * @example jump: { host: '192.0.2.9', hostKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO3TARdtIVD8IOh+RQOd+QSay+rmqvZ3UtoGasBzNRd5'] }
   * @throws intent/too-large, intent/jump-to-itself
   */
  readonly jump?: ConnectionIntent | 'none';
  /** Whether SSH reads ~/.ssh/config. @default false @example userConfiguration: true */
  readonly userConfiguration?: boolean;
  /**
   * Seconds until the device rolls back a release that isn't confirmed, 10 to 3600. Not for a jump host.
   *
   * @default 90
   * @example rollbackSeconds: 180
   */
  readonly rollbackSeconds?: number;
}
