// Tests that every command that connects refuses a wrong SSH host key at once, of the device and of a jump host, and
// that `bootstrap` connects to no host.
import { match, ok, strictEqual } from 'node:assert';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync, inflateSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { OWNER_TOKEN_VARIABLE, decodeWork, encodeWork } from '../../../lib/agent-protocol/work-codec';
import { Connection } from '../../../lib/agent-protocol/release';
import { Outcome } from '../../command';
import { LabEnvironment } from '../../environment';
import { Lab } from '../../lab';
import { REPOSITORY } from '../../stack';
import { plan } from '../deployment';
import { LabTest } from '../test';

const COMMAND = join(REPOSITORY, 'dist/cli/main.js');
/** Milliseconds: longer than any refusal on a busy machine, and shorter than any wait for a dead line. */
const AT_ONCE = 10_000;

type Orders = Readonly<Record<string, (connection: Connection) => Promise<Outcome>>>;

/** Returns every command that connects, as Terraform or an operator starts it. */
async function everyPath(lab: Lab): Promise<Orders> {
  const { stack } = await plan(lab, { state: 'keys' });
  const { environment, input } = ofGateway(join(stack.folder, 'cdk.tf.json'));
  const { release } = decodeWork(environment, (bytes) => inflateSync(bytes));
  const file = join(lab.folder, 'connection.json');
  const start = (words: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<Outcome> =>
    lab.exec('operator', [process.execPath, COMMAND, ...words], {
      env: { ...process.env, [OWNER_TOKEN_VARIABLE]: 'a-lease', ...more },
    });
  const byFile =
    (...words: readonly string[]) =>
    (connection: Connection): Promise<Outcome> => {
      writeFileSync(file, JSON.stringify(connection));
      return start([...words, '--connection', file]);
    };
  return {
    deliver: (connection) =>
      start(
        ['deliver'],
        encodeWork({ format: release.format, connection, release }, (bytes) => deflateSync(bytes)),
      ),
    retract: (connection) => start(['retract'], { CPANEL_EDGE_RETRACT: JSON.stringify({ ...input, connection }) }),
    verify: byFile('verify'),
    accept: byFile('accept', 'edge1', 'f'.repeat(64)),
  };
}

interface Synthesized {
  readonly resource: {
    readonly terraform_data: Readonly<
      Record<
        string,
        {
          readonly input: object;
          readonly provisioner: readonly [{ 'local-exec': { environment: Record<string, string> } }];
        }
      >
    >;
  };
}

function ofGateway(path: string): { readonly environment: Record<string, string>; readonly input: object } {
  const { terraform_data: all } = (JSON.parse(readFileSync(path, 'utf8')) as Synthesized).resource;
  return {
    environment: all['edge1_hosting']!.provisioner[0]['local-exec'].environment,
    input: all['edge1_hosting_holder']!.input,
  };
}

export const wrongHostKeys: LabTest = {
  name: 'a wrong host key is refused at once on every path, of the device and of a jump host',
  run: async (lab) => {
    const orders = await everyPath(lab);
    const { gateway, server } = lab.environment();
    const edge: Connection = { ...plain(gateway), userConfiguration: false };
    const web: Connection = { ...plain(server), userConfiguration: false };
    const cases: Readonly<Record<string, readonly [Connection, { readonly web1: boolean }]>> = {
      'the device': [{ ...edge, hostKeys: web.hostKeys }, { web1: false }],
      'the jump host': [{ ...edge, jump: { ...web, hostKeys: edge.hostKeys } }, { web1: false }],
      'the device behind a right jump host': [{ ...edge, hostKeys: web.hostKeys, jump: web }, { web1: true }],
    };
    for (const [whose, [connection, reached]] of Object.entries(cases)) {
      for (const [order, begin] of Object.entries(orders)) {
        const before = { edge1: await logins(lab, 'edge1'), web1: await logins(lab, 'web1') };
        const began = Date.now();
        const { status, out, err } = await begin(connection);
        const what = `${order} with a wrong key of ${whose}`;
        ok(Date.now() - began < AT_ONCE, `${what} took ${Date.now() - began} ms`);
        ok(status !== 0, what);
        match(`${out}${err}`, /driver\/host-key/, `${what}: ${out}${err}`);
        // The earlier look at the log is itself a login.
        strictEqual((await logins(lab, 'edge1')) - before.edge1, 1, `${what}: somebody logged in to edge1`);
        strictEqual((await logins(lab, 'web1')) - before.web1 > 1, reached.web1, `${what}: logins to web1`);
      }
    }
    strictEqual(
      (await lab.ssh('edge1', 'test -e /usr/local/sbin/cpanel-edge-device')).status,
      1,
      'nothing was installed',
    );
    // The same connection with right keys succeeds, so the refusal is due to the keys.
    for (const connection of [edge, { ...edge, jump: web }]) {
      const before = await logins(lab, 'edge1');
      const { out, err } = await orders['verify']!(connection);
      match(`${out}${err}`, /driver\/no-program/);
      ok((await logins(lab, 'edge1')) - before > 1);
    }
  },
};

export const bootstrapIsLocal: LabTest = {
  name: 'bootstrap starts no program and connects to no host',
  run: async (lab) => {
    const argv = ['unshare', '-n', process.execPath, COMMAND, 'bootstrap', '--user', 'deploy'];
    const { status, out } = await lab.exec('operator', argv, { env: { PATH: '/nowhere:/usr/bin' } });
    strictEqual(status, 0);
    match(
      out,
      /^#!\/bin\/sh\n[^]*cpanel-edge: ok installed protocol=\d+'\nelse\n {2}echo 'cpanel-edge: refused foreign-box'; exit 1\nfi\n$/,
    );
  },
};

const plain = ({ host, port, user, hostKeys, identityFile }: LabEnvironment['gateway']) => ({
  host,
  port,
  user,
  hostKeys,
  identityFile,
});

async function logins(lab: Lab, device: string): Promise<number> {
  return Number(await lab.does(device, "journalctl -q --no-pager -t sshd | grep -c 'Accepted publickey'"));
}
