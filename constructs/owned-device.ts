// The props that gateways and servers share, and OwnedDevice, a class that each Gateway and CpanelServer has one of: it
// verifies the owner's policy for the device and adds the release's resources to the Terraform stack.
import { Construct } from 'constructs';
import { compileConnection } from '../lib/intent/connection';
import { ConnectionIntent } from '../lib/intent/intent';
import { CompiledDevice } from '../lib/intent/server-policy-builder';
import { groupBy } from '../lib/net/group-by';
import { Policy } from '../lib/policy/policy';
import { Problem, Refusal } from '../lib/problems/problem';
import { listVerificationProblems, verifyPolicy } from '../lib/verifier/verify-policy';
import { VerifiedShapes } from '../lib/verifier/release-shapes';
import type { PlatformId } from '../lib/registry';
import type { PropsWithDefaults } from './defaults';
import { AppDevice, VerifiedDevice } from './app-device';
import { emitDelivery, getOwnerToken } from './internal/emit-delivery';
import { hasCommand } from './internal/shell-command';
import { createRelease } from './create-release';
import { isReleaseResource, createNoReleaseResource } from './release-resource';
import { Tree } from './tree';
import { checkWayBack } from './check-way-back';
import { checkHealthChecks } from './health-checks';

/** Collects the parts of a gateway or server until its policy is built. */
interface DevicePartsCollector {
  /** SSH host if the connection names none. */
  readonly defaultHost?: string | undefined;
  build(): CompiledDevice<Policy>;
}

/**
 * A `ConnectionIntent` whose fields may come from `Defaults`, all but `host`.
 *
 * @example { host: '192.0.2.2', user: 'deploy' }
 */
export type DeviceConnection = Omit<ConnectionIntent, 'hostKeys'> & Partial<Pick<ConnectionIntent, 'hostKeys'>>;

/** Props of every gateway and server. All but `device` may come from `Defaults`. */
export interface DeviceProps {
  /**
   * Name of the device. Device and owner name the resources in Terraform.
   *
   * @default the construct's id
   * @example device: 'edge1'
   * @throws constructs/owned-twice
   */
  readonly device?: string;
  /**
   * Owner of this part of the device. Parts of other owners are never touched.
   *
   * @default that of `Defaults`
   * @example owner: 'hosting'
   */
  readonly owner?: string;
  /**
   * Platform that runs on the device. Editors complete the names.
   *
   * @default that of `Defaults`
   * @example platform: 'nftables'
   * @throws intent/unknown-platform
   */
  readonly platform?: PlatformId | (string & {});
  /**
   * Version of the platform, as its own tool prints it: `1.0.6` of `nft --version`. A delivery refuses a device of
   * another series, such as `1.1`.
   *
   * @default that of `Defaults`
   * @example version: '1.0.6'
   * @throws intent/bad-version
   */
  readonly version?: string;
  /**
   * SSH connection to the device, field by field.
   *
   * @default that of `Defaults`; the `host` of a server is its only address
   * @example connection: { host: '192.0.2.2', user: 'deploy' }
   */
  readonly connection?: Partial<DeviceConnection>;
  /**
   * Terraform resource of a release. `terraform_data` needs no provider.
   *
   * @default that of `Defaults`, then `releaseResource` of the context, else `null_resource`
   * @example releaseResource: 'terraform_data'
   * @throws constructs/release-resource
   */
  readonly releaseResource?: 'null_resource' | 'terraform_data';
}

/** One owner on one device, from its construct to its resources. */
export class OwnedDevice implements AppDevice {
  readonly stack: Construct;
  /** Names as they were written. The intent refuses a wrong one. */
  readonly device: string;
  readonly owner: string;
  /** Place of each part in the user's code, by the part's name in policies and findings: `mapping web`. */
  private readonly placesByPart = new Map<string, string>();
  /** Place of the profile of each part, if that is another place, by the same name. */
  private readonly openingPlaces = new Map<string, string>();
  /** Servers that the gateway's mappings name, in any stack. */
  private readonly mappedServers = new Set<AppDevice>();

  constructor(
    scope: Construct,
    private readonly tree: Tree,
    readonly where: string,
    private readonly defaults: PropsWithDefaults<DeviceProps>,
    private readonly parts: DevicePartsCollector,
  ) {
    this.stack = tree.getStack(scope, where);
    this.device = toText(defaults.props.device);
    this.owner = toText(defaults.props.owner);
    this.recordPlace(`device ${this.device}`, where);
    tree.add(this);
    // An empty variable counts as unset, as in the shell.
    if (!hasCommand() && !process.env['CPANEL_EDGE']) tree.record(noCommand);
    emitDelivery(scope, this, this.getReleaseResource(scope), () => tree.getDelivery(this));
  }

  /** Records the place of a part, and of its profile. Earlier proofs become invalid. */
  recordPlace(part: string, location: string, openingPlace?: string): void {
    this.placesByPart.set(part, location);
    if (openingPlace !== undefined) this.openingPlaces.set(part, openingPlace);
    this.tree.invalidate();
  }

  private listPlaces(): Readonly<Record<string, string>> {
    const { lines } = this.tree;
    const partLines = [...this.placesByPart].flatMap(
      ([part, where]): readonly (readonly [string, string | undefined])[] => {
        const line = where === this.where ? lines.findLine(where) : lines.findPartLine(where);
        const openingPlace = this.openingPlaces.get(part);
        return [
          [part, line],
          ...(line === undefined || openingPlace === undefined
            ? []
            : [[`openings of ${part}`, lines.findLine(openingPlace)] as const]),
        ];
      },
    );
    return Object.fromEntries(partLines.filter(([, line]) => line !== undefined)) as Readonly<Record<string, string>>;
  }

  get ownerToken(): string {
    return getOwnerToken(this);
  }

  addMappedServer(server: OwnedDevice): void {
    this.mappedServers.add(server);
  }

  /**
   * Returns whether a server is behind this gateway: in the same stack, or mapped by it. Another stack may be another
   * site with the same private addresses.
   */
  isBefore(server: AppDevice): boolean {
    return server.stack === this.stack || this.maps(server);
  }

  maps(server: AppDevice): boolean {
    return this.mappedServers.has(server);
  }

  getPlace(part: string): string {
    return this.placesByPart.get(part) ?? `${this.where}, ${part}`;
  }

  verify(shapes: VerifiedShapes): VerifiedDevice {
    const {
      policy,
      capturedConfig,
      healthChecks,
      adopt,
      problems,
      requestPlaces: placesByRequest,
    } = this.parts.build();
    const compiledConnection = compileConnection(
      `${this.where} connection`,
      this.defaults.props.connection as ConnectionIntent,
      {
        host: this.parts.defaultHost,
        fieldLocations: this.defaults.connection,
      },
    );
    const allProblems = [...problems, ...compiledConnection.problems];
    if (!policy) return { problems: allProblems };
    try {
      const verification = verifyPolicy(policy, capturedConfig, shapes);
      allProblems.push(
        ...listVerificationProblems(verification).map((problem) => ({
          ...problem,
          where: `${this.where}, ${problem.where}`,
        })),
      );
      if (compiledConnection.connection)
        allProblems.push(...checkWayBack(`${this.where} connection`, policy, compiledConnection.connection));
      allProblems.push(...checkHealthChecks(this.where, verification, healthChecks));
      if (!compiledConnection.connection || allProblems.length > 0)
        return { proof: verification, problems: allProblems };
      const release = createRelease(verification, healthChecks, compiledConnection.rollbackSeconds);
      const delivery = {
        release,
        connection: compiledConnection.connection,
        places: this.listPlaces(),
        ...(adopt === undefined ? {} : { adopt }),
      };
      return { proof: verification, problems: allProblems, delivery };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { problems: [...allProblems, ...this.locateProblems(error.problems, placesByRequest)] };
    }
  }

  /** Moves problems to the user's lines. Several problems of one line become one. */
  private locateProblems(
    problems: readonly Problem[],
    placesByRequest: ReadonlyMap<string, string> = new Map(),
  ): readonly Problem[] {
    const placedProblems = problems.map((problem) => ({
      ...problem,
      where: placesByRequest.get(problem.where) ?? this.getPlace(problem.where),
    }));
    return [...groupBy(placedProblems, ({ code, where, what }) => JSON.stringify([code, where, what])).values()].map(
      ([first]) => first,
    );
  }

  private getReleaseResource(scope: Construct): 'null_resource' | 'terraform_data' {
    const ownResource: unknown = this.defaults.props.releaseResource;
    const chosenResource: unknown =
      ownResource === undefined ? (scope.node.tryGetContext('releaseResource') ?? 'null_resource') : ownResource;
    if (isReleaseResource(chosenResource)) return chosenResource;
    const location = ownResource === undefined ? 'releaseResource of the context' : `${this.where} releaseResource`;
    this.tree.record(createNoReleaseResource(this.defaults.defaultPlaces['releaseResource'] ?? location));
    return 'terraform_data';
  }
}

const toText = (value: unknown): string => (typeof value === 'string' ? value : 'unnamed');

const noCommand: Problem = {
  code: 'constructs/no-command',
  where: 'this package',
  what: 'Terraform starts its command by a path, and there is none where it is: in an archive of Yarn’s Plug’n’Play, or bundled into another program.',
  instead:
    'nodeLinker: node-modules in .yarnrc.yml, and cpanel-edge left out of the bundle; or CPANEL_EDGE in the environment of synth and apply, with the command that starts it.',
};
