// A simulated device for tests of deliveries: it gives the answers of the agent that a test sets. Also runs a delivery
// to it, and has the phrases that the driver's messages then contain.

import { parseAnswer } from '../../driver/agent-answer';
import { OrderOutcome, deliver } from '../../driver/deliver';
import { loadAgent } from '../../driver/agent-program';
import { OperatorProject } from '../../driver/operator-project';
import { Remote } from '../../driver/ssh';
import { DeliveryContext } from '../../driver/delivery-steps';
import { connectionOf, releaseOf } from './samples';
import { worldOf } from './delivery-context';

// A device with prepared answers in place of a real one.

export const release = releaseOf({ rollbackSeconds: 10 });
export const short = release.digest.slice(0, 12);
export const former = 'f'.repeat(64);
const project: OperatorProject = {
  folder: '/srv/edge',
  packageCommand: 'npx cpanel-edge',
  stack: 'cdktf.out/stacks/production',
  terraform: 'terraform -chdir=cdktf.out/stacks/production',
  synth: 'npx cdktf synth',
  apply: 'npx cdktf deploy production',
  destroy: 'npx cdktf destroy production',
};
export const VERIFY = 'npx cpanel-edge verify gw --stack cdktf.out/stacks/production';
export const TAINTED =
  '  In Terraform: this apply fails; the new release is tainted, the former one, if there was one, is kept as deposed, and the ownership record with its owner token stays.';

export type Says = string | undefined | ((times: number) => string | undefined);
export const GOOD: Readonly<Record<string, Says>> = {
  protocol: `ok protocol=${loadAgent().protocol}`,
  upload: `ok uploaded digest=${release.digest}`,
  check: 'ok checked rules=none',
  arm: 'ok armed seconds=10',
  read: 'ok read',
  confirm: `ok confirmed digest=${release.digest}`,
  rollback: `ok rolled-back digest=${former} from=armed`,
  retract: 'ok retracted left=nothing',
  outcome: `ok confirmed digest=${release.digest}`,
  status: (times) => statusOf(times === 1 ? {} : { digest: release.digest }),
};

/** A line for each owner, and one for each release that ran. */
export function statusOf(
  parts: Readonly<Record<string, string>>,
  ran: readonly string[] = [],
  boot = 'as-written',
): string {
  const line = {
    owner: 'web',
    role: 'gateway',
    digest: former,
    lease: 'lease-1',
    armed: 'none',
    rules: 'as-loaded',
    fingerprint: 'f',
    state: 'confirmed',
    seconds: 'none',
    tried: 'none',
    ...(boot === '' ? {} : { boot, runs: 'release' }),
    made: '1763712000',
    runner: 'ci@one',
    ...parts,
  };
  const words = Object.entries(line).map(([name, value]) => `${name}=${value}`);
  return `ok status protocol=6 armed=no\n|${[words.join(' '), ...ran.map((one) => `${one} of=gateway-web`)].join('\n|')}`;
}

/** Undefined: the connection is dead. */
export function device(says: Readonly<Record<string, Says>>): Remote {
  const times = new Map<string, number>();
  return {
    connection: connectionOf(),
    run: ([word]) => {
      const count = (times.get(word!) ?? 0) + 1;
      times.set(word!, count);
      const said = { ...GOOD, ...says }[word!];
      const line = typeof said === 'function' ? said(count) : said;
      return Promise.resolve(
        line === undefined ? parseAnswer('', 'Connection timed out\n', 255) : parseAnswer(answered(line), '', 0),
      );
    },
    script: () => Promise.reject(new Error('nothing is installed here')),
  };
}

/** The result is last. */
function answered(line: string): string {
  const [result = '', ...payload] = line.split('\n');
  return [...payload, `cpanel-edge: ${result}`, ''].join('\n');
}

export const world = (remote: Remote, parts: Partial<DeliveryContext> = {}): DeliveryContext =>
  worldOf(remote, { token: 'abcdefabcdefabcd', project, wait: () => Promise.resolve(), ...parts });

export const ending = async (
  says: Readonly<Record<string, Says>>,
  parts: Partial<DeliveryContext> = {},
): Promise<OrderOutcome> => deliver(release, loadAgent(), world(device(says), parts));
export const refuses = { verifyLive: () => ({ refusals: ['tcp 25 is open'], reports: [] }) };
export const block = (outcome: OrderOutcome): readonly string[] => outcome.paragraph.slice(-4);
export const again = 'once the cause above is gone: npx cdktf deploy production';
