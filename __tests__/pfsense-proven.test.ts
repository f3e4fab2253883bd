import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Outcome, deliver } from '../driver/deliver';
import { deviceProgram } from '../driver/program';
import { assumedFacts, proveLive } from '../driver/prove';
import { withSsh } from '../driver/ssh';
import { digestInput } from '../lib/delivering/digest';
import { Release } from '../lib/delivering/release';
import { GatewayPolicy } from '../lib/policy/policy';
import { capturing } from '../lib/platforms/pfsense/capture/capture';
import { encodePolicy } from '../lib/proving/policy-codec';
import { Proof, proofProblems, prove } from '../lib/proving/prove';
import { freshToken } from './device-stream';
import { releaseOf } from './driver-samples';
import { TestBox, canHaveBox } from './pfsense-machine';
import { BoxSshd } from './pfsense-sshd';
import { box as policyOf } from './pfsense-writer-samples';
import { describeWhere } from './where-possible';
import { address, mapping, opening, openings, ports, ranges, virtualIp } from './writer-support';

// From a policy to a box that runs it: written, proven, delivered over ssh, and what the box says of itself read by the independent reader
// and compared with the policy. What the box generates is the stand-in's; the form of it is pfSense's.

const withBox = describeWhere(canHaveBox, 'policies on a pfSense box', 'root on Linux, and php-cli with php-xml');
jest.setTimeout(90_000);

const WEB = openings('web', [
  opening({ ports: ports(80, 443) }),
  opening({ ports: ports(22), sources: ranges('198.51.100.0/28'), management: true }),
]);

const wish = (helper: boolean): GatewayPolicy =>
  policyOf(
    [
      mapping('203.0.113.10', '10.0.1.50', {
        name: 'web',
        interface: 'igb0',
        openings: WEB,
        ...(helper ? { reflection: { mode: 'pure-nat', from: ['igb1'], globalHelper: true } as const } : {}),
      }),
    ],
    {
      interfaces: [
        { name: 'igb0', role: 'outside', addresses: [{ address: address('203.0.113.2'), length: 28 }], routes: [] },
        { name: 'igb1', role: 'inside', addresses: [{ address: address('10.0.1.1'), length: 24 }], routes: [] },
      ],
      virtualIps: [virtualIp('203.0.113.10', { name: 'web', interface: 'igb0', mask: 28 })],
    },
  );

withBox('a policy', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cpanel-edge-test-'));
  let box: TestBox;
  let sshd: BoxSshd;
  beforeAll(async () => {
    box = await TestBox.start(folder);
    sshd = await BoxSshd.start(folder, box);
  }, 30_000);
  afterAll(async () => {
    sshd.stop();
    await box.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    box.fresh();
    box.saves('foreach ($config["filter"]["rule"] as &$rule) { if ($rule["interface"] === "lan") { $rule["source"] = ["any" => ""]; } }');
  });

  const captured = (): string => capturing.capture(box.read('/cf/conf/config.xml')).text;
  const releaseOfProof = ({ policy, written }: Proof): Release => {
    const parts = { owner: policy.owner, platform: 'pfsense', text: written.text, addresses: written.addresses };
    const claims = { outside: ['203.0.113.10'], inside: ['10.0.1.50'] };
    const release = releaseOf({ ...parts, claims, policy: encodePolicy(policy), rollbackSeconds: 60 });
    return { ...release, digest: createHash('sha256').update(digestInput(release)).digest('hex') };
  };
  const delivered = (release: Release): Promise<Outcome> =>
    withSsh(sshd.connection, process.env, (remote) =>
      deliver(release, deviceProgram(release.platform), {
        ...{ remote, lease: 'lease-1', token: freshToken(), prove: proveLive, assumed: assumedFacts },
        witness: () => Promise.resolve([]),
        stop: new AbortController().signal,
        say: () => undefined,
        step: () => undefined,
        wait: () => sleep(100),
      }),
    );
  const proven = (helper: boolean): Release => {
    const proof = prove(wish(helper), captured());
    expect(proofProblems(proof)).toEqual([]);
    return releaseOfProof(proof);
  };

  test.each([
    ['without reflection', false],
    ['with reflection and the global helper', true],
  ])('is proven on the box that runs it, %s', async (_, helper) => {
    const first = proven(helper);
    const outcome = await delivered(first);
    expect(outcome.paragraph.join('\n')).toMatch(/runs release [0-9a-f]{12} of web-team: proven over a new connection/);
    expect((await delivered(first)).paragraph[0]).toMatch(/already runs/);
  });

  test('is undone where somebody opened more meanwhile', async () => {
    const release = proven(false);
    // Floating rules come before ours on the interface.
    box.saves(
      'array_unshift($config["filter"]["rule"], ["type" => "pass", "floating" => "yes", "quick" => "yes", "direction" => "in", "interface" => "wan", "protocol" => "tcp", "source" => ["any" => ""], "destination" => ["address" => "10.0.1.50", "port" => "3306"], "descr" => "database", "tracker" => "1700000020"])',
    );
    const opened = await delivered(release);
    expect([opened.delivered, opened.paragraph.join('\n')]).toEqual([false, expect.stringContaining('driver/not-proven')]);
    expect(opened.paragraph.join('\n')).toContain('3306');
    expect(box.read('/var/pf/nat')).not.toContain('203.0.113.10');
  });

  test('is not proven where pf runs something else than the box has stored', async () => {
    const release = proven(false);
    box.write('/var/pf/adds', 'pass in quick on igb0 inet proto tcp from any to 10.0.1.50 port = 3306 flags S/SA keep state\n');
    const outcome = await delivered(release);
    expect([outcome.delivered, outcome.paragraph.join('\n')]).toEqual([false, expect.stringContaining('what is stored and what runs')]);
  });
});
