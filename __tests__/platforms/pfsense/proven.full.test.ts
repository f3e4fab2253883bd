// Tests whole deliveries to a simulated pfSense box over ssh: what it runs is verified, and rolled back if others open
// more or pf runs other rules than are stored.

import { createHash } from 'node:crypto';
import { OrderOutcome, deliver } from '../../../driver/deliver';
import { diagnose, createVerifier } from '../../../driver/doctor/diagnose';
import { findCase, isMapped, collectPolicies } from '../../../driver/doctor/diagnosis-case';
import { DeviceAnswers, askDeviceOnce } from '../../../driver/doctor/device-look';
import { parseClient, parseQuestion } from '../../../driver/doctor/doctor-question';
import { listInterfaceNames, renameAnswers } from '../../../driver/rename-interfaces';
import { loadAgent } from '../../../driver/agent-program';
import { compareAssumedFacts, renderClosedText, verifyLive } from '../../../driver/verify-live';
import { useSsh } from '../../../driver/ssh';
import { OwnershipRecord } from '../../../driver/synthesized-stack';
import { verifyDevice } from '../../../driver/compare-with-stacks';
import { printDigestInput } from '../../../lib/agent-protocol/release-digest';
import { Release } from '../../../lib/agent-protocol/release';
import { GatewayPolicy } from '../../../lib/policy/policy';
import { capturer } from '../../../lib/platforms/pfsense/capture/capture';
import { encodePolicy } from '../../../lib/verifier/policy-codec';
import { Verification, listVerificationProblems, verifyPolicy } from '../../../lib/verifier/verify-policy';
import { PROJECT } from '../../driver/doctor/samples';
import { releaseOf } from '../../driver/samples';
import { worldOf } from '../../driver/delivery-context';
import { canHaveBox } from './machine';
import { boxOverSsh } from './sshd';
import { oneHost } from './generate/samples';
import { describeWhere } from '../../where-possible';
import { opening, openings, ports, ranges } from '../../generate/support';

// From a policy to a box that runs it: generated, verified, delivered over ssh, and the box's answer evaluated by the
// independent parser and compared with the policy. The stand-in generates the rules; their form is pfSense's.

const withBox = describeWhere(canHaveBox, 'policies on a pfSense box', 'root on Linux, and php-cli with php-xml');

const WEB = openings('web', [
  opening({ ports: ports(80, 443) }),
  opening({ ports: ports(22), sources: ranges('198.51.100.0/28'), management: true }),
]);

const wish = (helper: boolean): GatewayPolicy =>
  oneHost(WEB, helper ? { reflection: { mode: 'pure-nat', from: ['igb1'], globalHelper: true } } : {});

withBox('a policy', () => {
  const { box, connection } = boxOverSsh(true);
  beforeEach(() => {
    box().fresh();
    box().saves(
      'foreach ($config["filter"]["rule"] as &$rule) { if ($rule["interface"] === "lan") { $rule["source"] = ["any" => ""]; } }',
    );
  });

  const captured = (): string => capturer.capture(box().read('/cf/conf/config.xml')).text;
  const releaseOfProof = ({ policy, generated }: Verification): Release => {
    const parts = { owner: policy.owner, platform: 'pfsense', text: generated.text, addresses: generated.addresses };
    const claims = { outside: ['203.0.113.10'], inside: ['10.0.1.50'] };
    const release = releaseOf({ ...parts, claims, policy: encodePolicy(policy), rollbackSeconds: 60 });
    return { ...release, digest: createHash('sha256').update(printDigestInput(release)).digest('hex') };
  };
  const delivered = (release: Release): Promise<OrderOutcome> =>
    useSsh(connection(), process.env, (remote) =>
      deliver(
        release,
        loadAgent(release.platform),
        worldOf(remote, { verifyLive, renderClosedText, compareAssumedFacts }),
      ),
    );
  const proven = (helper: boolean): Release => {
    const proof = verifyPolicy(wish(helper), captured());
    expect(listVerificationProblems(proof)).toEqual([]);
    return releaseOfProof(proof);
  };

  test.each([
    ['without reflection', false],
    ['with reflection and the global helper', true],
  ])('is verified on the box that runs it, %s', async (_, helper) => {
    const first = proven(helper);
    const outcome = await delivered(first);
    expect(outcome.paragraph.join('\n')).toMatch(/runs release [0-9a-f]{12} of web-team: proven over a new connection/);
    expect((await delivered(first)).paragraph[0]).toMatch(/already runs/);
  });

  test('is rolled back if more was opened meanwhile', async () => {
    const release = proven(false);
    // Floating rules come before ours on the interface.
    box().saves(
      'array_unshift($config["filter"]["rule"], ["type" => "pass", "floating" => "yes", "quick" => "yes", "direction" => "in", "interface" => "wan", "protocol" => "tcp", "source" => ["any" => ""], "destination" => ["address" => "10.0.1.50", "port" => "3306"], "descr" => "database", "tracker" => "1700000020"])',
    );
    const opened = await delivered(release);
    expect([opened.delivered, opened.paragraph.join('\n')]).toEqual([
      false,
      expect.stringContaining('driver/not-proven'),
    ]);
    expect(opened.paragraph.join('\n')).toContain('3306');
    expect(box().read('/var/pf/nat')).not.toContain('203.0.113.10');
  });

  test('is not verified if pf runs other rules than the box has stored', async () => {
    const release = proven(false);
    box().write(
      '/var/pf/adds',
      'pass in quick on igb0 inet proto tcp from any to 10.0.1.50 port = 3306 flags S/SA keep state\n',
    );
    const outcome = await delivered(release);
    expect([outcome.delivered, outcome.paragraph.join('\n')]).toEqual([
      false,
      expect.stringContaining('what is stored and what runs'),
    ]);
  });

  const looked = (holder: OwnershipRecord): Promise<DeviceAnswers> =>
    useSsh(connection(), process.env, (remote) =>
      askDeviceOnce(
        remote,
        {
          public: '203.0.113.10',
          inside: '10.0.1.50',
          source: '198.51.100.77',
          port: 443,
          protocol: 'tcp',
          arrives: 'igb0',
        },
        holder,
      ),
    );

  test('verify and doctor report changes that were made on the box', async () => {
    const release = proven(false);
    expect((await delivered(release)).delivered).toBe(true);
    const { device, owner, role } = release;
    const holder: OwnershipRecord = {
      stack: 'stack',
      device,
      owner,
      role,
      connection: connection(),
      release,
      address: 'null_resource.gw',
    };
    const asked = findCase(parseQuestion('203.0.113.10', parseClient('198.51.100.77')), collectPolicies([holder]));
    if (!isMapped(asked)) throw new Error('the address is mapped');
    const judged = async () => {
      const gateway = renameAnswers(await looked(holder), listInterfaceNames(wish(false)));
      const found = verifyDevice(gateway.deviceStatus, device, { ownershipRecords: [holder] }, () => PROJECT, {
        compareAssumedFacts,
        verifyLive,
      });
      return {
        found,
        told: diagnose(asked, { gateway, server: undefined, ...createVerifier([holder], () => PROJECT) }),
      };
    };
    const before = await judged();
    expect(before.found.lines.filter((line) => line.includes('differs'))).toEqual([]);
    const wrong = ({ told }: typeof before): readonly string[] =>
      told.steps
        .filter(({ status }) => status === 'wrong')
        .map(({ name, observations }) => `${name}: ${observations.join(' ')}`);
    expect(wrong(before)).toEqual(['the server reaches its own public address: the intent has no reflection for it']);

    box().saves(
      'array_unshift($config["filter"]["rule"], ["type" => "block", "floating" => "yes", "quick" => "yes", "direction" => "in", "interface" => "wan", "protocol" => "tcp", "source" => ["any" => ""], "destination" => ["address" => "10.0.1.50", "port" => "443"], "descr" => "maintenance", "tracker" => "1700000021"])',
    );
    const after = await judged();
    // An added block is no drift; the report names this rule, with the command that shows it.
    expect(after.found.matches).toBe(true);
    expect(after.found.lines.join('\n')).toMatch(/no drift: closed there: tcp 443 on .*203\.0\.113\.10/);
    expect(after.told.cause?.what).toMatch(
      /line \d+ of pfctl -sr on \S+ refuses what 198\.51\.100\.77 sends to 203\.0\.113\.10 tcp 443/,
    );
    expect(after.told.cause?.what).toContain('maintenance');

    box().saves('foreach ($config["nat"]["onetoone"] as &$entry) { $entry["external"] = "203.0.113.11"; }');
    const edited = await judged();
    expect(edited.found.matches).toBe(false);
    expect(edited.found.lines.join('\n')).toMatch(/differs: our rules were edited by hand/);
  });
});
