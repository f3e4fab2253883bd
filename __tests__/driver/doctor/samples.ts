// Samples for the tests of `doctor`: the ownership records of a gateway and a server, their answers after a delivery,
// changes of these answers, and `walk`, which runs a diagnosis on them.

import { createRelease } from '../../../constructs/create-release';
import {
  DiagnosisCase,
  UnmappedCase,
  findCase,
  isMapped,
  collectPolicies,
} from '../../../driver/doctor/diagnosis-case';
import { Diagnosis, DiagnosisInput, diagnose, diagnoseUnmapped, createVerifier } from '../../../driver/doctor/diagnose';
import { AskedDevice, LookAnswer } from '../../../driver/doctor/device-look';
import { parseClient, parseQuestion } from '../../../driver/doctor/doctor-question';
import { DeviceStatus } from '../../../driver/device-status';
import { OperatorProject } from '../../../driver/operator-project';
import { OwnershipRecord } from '../../../driver/synthesized-stack';
import { verifyPolicy } from '../../../lib/verifier/verify-policy';
import { connectionOf } from '../samples';
import { Wish, caseWish, compiled } from '../../support';

// A gateway and a server as they are after a delivery, and after edits by a person.

export const holdersOf = (wish: Wish): readonly OwnershipRecord[] =>
  compiled(wish, 'nftables').policies.map((policy) => {
    const release = createRelease(verifyPolicy(policy), [], 90);
    const { device, owner } = policy;
    return {
      stack: 'stack',
      device,
      owner,
      role: policy.kind,
      connection: connectionOf(),
      release,
      address: `null_resource.${device}_${owner}`,
    };
  });

export const MAIL = caseWish('guide/mail-server');

const ADDRESSES: Readonly<Record<string, string>> = {
  gateway:
    '2: wan0    inet 203.0.113.2/24 scope global wan0\n2: wan0    inet 203.0.113.10/32 scope global wan0\n3: lan0    inet 10.0.0.1/24 scope global lan0',
  server: '2: eth0    inet 10.0.0.10/24 scope global eth0',
};
const LINKS: Readonly<Record<string, string>> = {
  gateway: '1: lo: <LOOPBACK,UP,LOWER_UP>\n2: wan0: <BROADCAST,UP,LOWER_UP>\n3: lan0@if7: <BROADCAST,UP,LOWER_UP>',
  server: '1: lo: <LOOPBACK,UP,LOWER_UP>\n2: eth0@if8: <BROADCAST,UP,LOWER_UP>',
};
const ROUTES: Readonly<Record<string, string>> = {
  gateway: 'default via 203.0.113.254 dev wan0\n10.0.0.0/24 dev lan0 scope link',
  server: 'default via 10.0.0.1 dev eth0\n10.0.0.0/24 dev eth0 scope link',
};

/** The ruleset of the device after the delivery: the generated text. */
export function lookAt({ release, owner, role }: OwnershipRecord): DeviceStatus {
  return {
    owners: [
      {
        owner,
        role,
        digest: release!.digest,
        ownerToken: 'lease-1',
        armed: 'none',
        rules: 'as-loaded',
        fingerprint: 'f'.repeat(64),
        state: 'confirmed',
        seconds: 'none',
        tried: 'none',
      },
    ],
    ruleset: release!.text.split('\n').slice(2).join('\n'),
    facts: {
      addresses: ADDRESSES[role]!,
      links: LINKS[role]!,
      routes: ROUTES[role]!,
      legacyTables: [],
      version: 'nftables v1.0.6',
      forwarding: { ip: role === 'gateway', ip6: false },
    },
    edits: [],
    proxies: [],
  };
}

const LOOKED: Readonly<Record<string, LookAnswer>> = {
  gateway: {
    settings: new Map([
      ['forwarding wan0', '1'],
      ['forwarding lan0', '1'],
    ]),
    wire: 'free',
    inside: '10.0.0.10 dev lan0 src 10.0.0.1 uid 0 \\    cache',
    through: '10.0.0.10 from 192.0.2.77 dev lan0 \\    cache iif wan0',
    back: 'RTNETLINK answers: Network is unreachable',
    returns: '192.0.2.77 from 10.0.0.10 via 203.0.113.254 dev wan0 \\    cache iif lan0',
    neighbour: ['answers lan0', '10.0.0.10 dev lan0 lladdr 02:00:00:00:00:10 REACHABLE'],
    sessions: [],
    listening: [],
  },
  server: {
    settings: new Map(),
    wire: '',
    inside: 'local 10.0.0.10 dev lo src 10.0.0.10 uid 0 \\    cache <local>',
    through: 'local 10.0.0.10 from 192.0.2.77 dev lo \\    cache <local> iif eth0',
    back: '192.0.2.77 from 10.0.0.10 via 10.0.0.1 dev eth0 uid 0 \\    cache',
    returns: '',
    neighbour: [],
    sessions: [],
    listening: ['LISTEN 0 511 0.0.0.0:443 0.0.0.0:*'],
  },
};

/** Differences of one device from a successful delivery. */
export interface Changed {
  readonly look?: Partial<DeviceStatus>;
  readonly facts?: Partial<DeviceStatus['facts']>;
  /** Text that is appended to the live ruleset. */
  readonly more?: string;
  readonly looked?: Partial<LookAnswer> | 'too old';
  readonly owner?: Partial<DeviceStatus['owners'][number]>;
  readonly device?: AskedDevice;
}

export function seen(
  holder: OwnershipRecord,
  { look, facts, more = '', looked, owner, device }: Changed = {},
): AskedDevice {
  if (device) return device;
  const held = lookAt(holder);
  const changed: DeviceStatus = {
    ...held,
    ...look,
    ruleset: `${look?.ruleset ?? held.ruleset}${more}`,
    facts: { ...held.facts, ...facts },
    owners: owner ? [{ ...held.owners[0]!, ...owner }] : (look?.owners ?? held.owners),
  };
  return looked === 'too old'
    ? { deviceStatus: changed }
    : { deviceStatus: changed, lookAnswer: { ...LOOKED[holder.role]!, ...looked } };
}

export const PROJECT: OperatorProject = {
  folder: '/srv/edge',
  packageCommand: 'npx cpanel-edge',
  stack: 'stack',
  synth: 'npx cdktf synth',
  apply: 'npx cdktf deploy edge',
  destroy: '',
  terraform: 'terraform',
};

export interface Asked {
  readonly target?: string;
  readonly from?: string;
  readonly edge?: string;
  readonly wish?: Wish;
  readonly gateway?: Changed;
  readonly server?: Changed;
  /** The address by which both are reached. */
  readonly port?: number;
}

export function walk({ target = '203.0.113.10', from, edge, wish = MAIL, gateway, server, port = 22 }: Asked = {}): {
  readonly one: DiagnosisCase | UnmappedCase;
  readonly found: Diagnosis;
} {
  const holders = holdersOf(wish).map((holder) => ({ ...holder, connection: { ...holder.connection, port } }));
  const one = findCase(
    parseQuestion(target, from === undefined ? undefined : parseClient(from)),
    collectPolicies(holders, edge),
    edge,
  );
  if (!isMapped(one)) return { one, found: diagnoseUnmapped(one, PROJECT) };
  const walked: DiagnosisInput = {
    gateway: seen(one.gateway.ownershipRecord, gateway),
    server: one.server ? seen(one.server.ownershipRecord, server) : undefined,
    ...createVerifier(holders, () => PROJECT),
  };
  return { one, found: diagnose(one, walked) };
}
