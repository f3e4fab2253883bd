// Tests that no secret of the operator (SSH key, ssh-agent socket, database password, cloud keys) appears in plan,
// state, logs, process arguments, temporary files or on a device; and that the search finds planted secrets.
import { deepStrictEqual, match, ok, strictEqual } from 'node:assert';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { decodeWork } from '../../../lib/agent-protocol/work-codec';
import { must, pause, until } from '../../command';
import { LabEnvironment } from '../../environment';
import { Lab } from '../../lab';
import { deploy, destroys } from '../deployment';
import { LabTest } from '../test';
import { Canary, Seen, canary, foundBelow, namesIn, watchProcesses } from './search';

const DEVICES = ['edge1', 'web1'] as const;
/** Variable that the connection names. Its value is the agent's socket, which only ssh may have. */
const AGENT_VARIABLE = 'CPANEL_EDGE_TEST_AGENT';

export const noSecretLeaks: LabTest = {
  name: 'no secret is in plan, state, logs, arguments, other processes, temporary files or on a device',
  run: async (lab) => {
    const secret = (name: string): string => `canary-${name}-${randomBytes(12).toString('hex')}`;
    const socket = join(lab.folder, secret('agent'));
    const variables = {
      [AGENT_VARIABLE]: socket,
      PG_CONN_STR: `postgres://state:${secret('pg')}@127.0.0.1/state`,
      TF_VAR_whm_token: secret('variable'),
      AWS_SECRET_ACCESS_KEY: secret('cloud'),
      SSH_ASKPASS_PASSWORD: secret('askpass'),
    };
    const key = readFileSync(lab.operatorKey, 'utf8');
    const canaries = [...Object.entries(variables).map(([name, value]) => canary(name, value)), ...keyCanaries(key)];
    const temporary = join(lab.folder, 'temporary');
    mkdirSync(temporary);
    const agent = await agentWithKey(lab, socket);
    const folders = new Map<string, string>();
    const looking = setInterval(() => noteModes(temporary, folders), 20);
    const stop = watchProcesses(canaries);
    let said: string;
    let seen: Seen;
    try {
      said = await deployChangeDestroy(lab, {
        ...variables,
        TMPDIR: temporary,
        TF_LOG: 'trace',
        TF_LOG_PATH: join(lab.folder, 'trace'),
      });
      // Some processes are still ending.
      await pause(100);
    } finally {
      clearInterval(looking);
      seen = stop();
      agent();
    }

    deepStrictEqual(namesIn(said, canaries), [], 'in what Terraform said');
    strictEqual(
      (await foundBelow(join(lab.folder, 'canaries'), canaries)).join('\n'),
      '',
      'in plan, state and synthesized files',
    );
    const trace = readFileSync(join(lab.folder, 'trace'));
    ok(trace.length > 100_000, 'the trace was written');
    deepStrictEqual(namesIn(trace, canaries), [], "in Terraform's trace");
    strictEqual((await onDevices(lab, canaries)).join('\n'), '', 'on the devices');
    for (const program of ['ssh', 'terraform', 'node', 'device: cpanel-edge-device', 'device: sshd'])
      ok(seen.programs.has(program), `${program} was looked at: ${[...seen.programs].join(', ')}`);
    // Terraform passes its own environment to its children. ssh is told to use the agent's socket, and the agent is the
    // lab's.
    const mayHave = [
      / in the environment of (terraform|dash|bash|env|node|ip)$/,
      new RegExp(`^${AGENT_VARIABLE} in the (environment of ssh|arguments of ssh-agent)$`),
    ];
    const others = [...seen.hits].filter((hit) => !mayHave.some((pattern) => pattern.test(hit)));
    deepStrictEqual(others, [], `in ${seen.samples} looks at every process`);
    ok(seen.hits.has(`${AGENT_VARIABLE} in the environment of ssh`), 'ssh used the agent');

    deepStrictEqual(readdirSync(temporary), [], 'nothing is left in the folder for temporary files');
    ok(folders.size > 0, 'connections had folders');
    for (const [path, mode] of folders) match(mode, /^drwx------ 0|^-rw------- 0/, path);
  },
};

export const searchFinds: LabTest = {
  name: 'the search for secrets finds planted ones',
  run: async (lab) => {
    const planted = canary('planted', `canary-${randomBytes(12).toString('hex')}`);
    const secret = planted.forms[0]!.toString();
    const folder = join(lab.folder, 'planted');
    mkdirSync(folder);
    writeFileSync(join(folder, 'plain'), `a ${secret} b`);
    for (const pad of ['', 'x', 'yy'])
      writeFileSync(join(folder, `base64${pad}`), Buffer.from(`${pad}${secret} tail`).toString('base64'));
    await must([
      'python3',
      '-c',
      'import sys,zipfile; zipfile.ZipFile(sys.argv[1],"w",8).writestr("tfplan", sys.argv[2]*9)',
      join(folder, 'zip'),
      secret,
    ]);
    deepStrictEqual((await foundBelow(folder, [planted])).map((line) => line.slice(folder.length + 1)).sort(), [
      'base64: planted',
      'base64x: planted',
      'base64yy: planted',
      'plain: planted',
      'zip (inside): planted',
    ]);
    // Other suites in this process may delay its look for a while.
    const stop = watchProcesses([planted]);
    await lab.does(
      'web1',
      `${planted.name}=${secret} sleep 2; sleep 2 | cat - /dev/null 2>/dev/null ${secret} || true`,
    );
    await lab.does(
      'web1',
      `sh -c 'sleep 2; :' ${secret}; echo ${secret} | logger; echo ${secret} >/run/planted; echo ${secret} >/var/tmp/planted`,
    );
    const { hits } = stop();
    ok(hits.has('planted in the environment of device: sleep'), [...hits].join('\n'));
    ok(
      [...hits].some((hit) => /^planted in the arguments of device: /.test(hit)),
      [...hits].join('\n'),
    );
    const found = (await onDevices(lab, [planted])).join('\n');
    for (const place of [/var\/tmp\/planted: planted/, /run\/planted: planted/, /journal of web1: planted/])
      match(found, place);
    await lab.does('web1', 'rm /run/planted /var/tmp/planted; journalctl --rotate -q; journalctl -q --vacuum-time=1s');
    rmSync(folder, { recursive: true });
  },
};

async function deployChangeDestroy(lab: Lab, more: NodeJS.ProcessEnv): Promise<string> {
  const { gateway, server } = lab.environment();
  // The public key tells ssh which of the agent's keys to use.
  const byAgent = { ...gateway, identityFile: `${lab.operatorKey}.pub`, agentVariable: AGENT_VARIABLE };
  const environment: LabEnvironment = { gateway: byAgent, server };
  const wish = { environment, state: 'canaries', more };
  const first = await deploy(lab, wish);
  const changed = await deploy(lab, { ...wish, variant: 'imap closed' });
  const planned = JSON.stringify(await changed.stack.planJson());
  const state = (await changed.stack.run(['show', '-json'])).out;
  const destroyed = await destroys(changed.stack);
  return [
    first.text,
    first.output,
    changed.text,
    changed.output,
    planned,
    state,
    works(changed.stack.folder),
    destroyed.out,
    destroyed.err,
  ].join('\n');
}

/** Returns the deflated texts that the provisioners get. */
function works(folder: string): string {
  const text = readFileSync(join(folder, 'cdk.tf.json'), 'utf8');
  const found = [...text.matchAll(/"(CPANEL_EDGE_WORK_0)": *"([^"]+)"/g)];
  ok(found.length === DEVICES.length, 'there is work for every device');
  return found
    .map(([, name, work]) => JSON.stringify(decodeWork({ [name!]: work! }, (bytes) => inflateSync(bytes))))
    .join('\n');
}

/** Searches everything that is kept of the devices: their files, their memory-only folders, and their journals. */
async function onDevices(lab: Lab, canaries: readonly Canary[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const device of DEVICES) {
    const machine = lab.device(device);
    found.push(...(await foundBelow(join(machine.root, '../upper'), canaries)));
    const pid = await machine.firstProcess();
    for (const folder of ['run', 'tmp', 'dev/shm'])
      found.push(...(await foundBelow(`/proc/${pid}/root/${folder}`, canaries)));
    const journal = await lab.does(device, 'journalctl --no-pager -q -o export');
    ok(journal.includes('sshd'), `${device} has a journal`);
    found.push(...namesIn(journal, canaries).map((name) => `journal of ${device}: ${name}`));
  }
  return found;
}

/** Returns canaries for a private key: its lines that the public half lacks, and the secret number itself. */
function keyCanaries(key: string): readonly Canary[] {
  const text = key.replace(/-----[^-]*-----|\s/g, '');
  const bytes = Buffer.from(text, 'base64');
  const length = Buffer.from([0, 0, 0, 64]);
  const at = bytes.lastIndexOf(length) + 4;
  const number = bytes.subarray(at, at + 32);
  strictEqual(number.length, 32);
  return [canary('private key', number), canary('private key file', key.split('\n')[3]!)];
}

async function agentWithKey(lab: Lab, socket: string): Promise<() => void> {
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore', env: { PATH: process.env['PATH'] } });
  await until('the agent listens', 10, () =>
    Promise.resolve(statSync(socket, { throwIfNoEntry: false }) !== undefined),
  );
  chmodSync(socket, 0o600);
  await must(['ssh-add', '-q', lab.operatorKey], { env: { PATH: process.env['PATH'], SSH_AUTH_SOCK: socket } });
  return () => void agent.kill('SIGTERM');
}

function noteModes(folder: string, modes: Map<string, string>): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!/^cpanel-edge-/.test(path.slice(folder.length + 1)) || !stat) continue;
    const bits = [256, 128, 64, 32, 16, 8, 4, 2, 1]
      .map((bit, index) => (stat.mode & bit ? 'rwx'[index % 3] : '-'))
      .join('');
    modes.set(path, `${stat.isDirectory() ? 'd' : '-'}${bits} ${stat.uid}`);
  }
}
