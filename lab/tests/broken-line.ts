// Tests the lab's faults of a line: slow and lossy, cut silently, cut by resets, and cut in one direction.
import { match, ok, strictEqual } from 'node:assert';
import { Outcome, run, until } from '../command';
import { cutLine } from '../cut-line';
import { Lab } from '../lab';
import { slowLine } from '../slow-line';
import { ADDRESS } from '../topology';
import { LabTest } from './test';

export const brokenLine: readonly LabTest[] = [
  {
    name: 'a slow, lossy line delays and loses packets, SSH still works, and it is restored afterwards',
    run: async (lab) => {
      const line = await slowLine(lab, 'operator', { milliseconds: 300, lossPercent: 5, seed: 1 });
      const { received, quickest } = await pings(lab, 200);
      ok(received >= 160 && received < 200, `${received} of 200`);
      ok(quickest >= 290, `${quickest} ms`);
      const started = Date.now();
      strictEqual((await lab.ssh('edge1', 'head -c 60000 /dev/zero | wc -c', { seconds: 60 })).out, '60000\n');
      ok(Date.now() - started > 1500, 'SSH needs several rounds before it says anything');
      await line.end();
      const after = await pings(lab, 50);
      strictEqual(after.received, 50);
      ok(after.quickest < 290, `${after.quickest} ms`);
      strictEqual(
        (await lab.exec('operator', ['ip', '-br', 'addr', 'show', 'eth0'])).out.includes(ADDRESS.operator),
        true,
      );
      strictEqual((await lab.ssh('edge1', 'true')).status, 0);
    },
  },
  {
    name: 'on a silently cut line connections hang, new ones time out, and both go on once it is repaired',
    run: async (lab) => {
      const talk = await talking(lab, 'for i in 1 2 3 4 5 6; do echo $i; sleep 0.5; done');
      const cut = await cutLine(lab, 'edge1', 'drop');
      const { status, err } = await lab.ssh('edge1', 'true');
      strictEqual(status, 255);
      match(err, /timed out/);
      strictEqual((await lab.ssh('web1', 'true')).status, 0);
      await cut.mend();
      strictEqual((await talk.outcome).out, '1\n2\n3\n4\n5\n6\n');
    },
  },
  {
    name: 'a reset line ends established and new connections at once',
    run: async (lab) => {
      const talk = await talking(lab, 'while echo line; do sleep 0.1; done');
      const cut = await cutLine(lab, 'edge1', 'reset');
      const { status, err } = await talk.outcome;
      const fresh = await lab.ssh('edge1', 'true');
      await cut.mend();
      strictEqual(status, 255);
      match(`${err}${fresh.err}`, /refused|reset/);
      strictEqual(fresh.status, 255);
      await until(
        'the device has noticed',
        20,
        async () => (await lab.ssh('edge1', 'pgrep -f "[w]hile echo line"')).status === 1,
      );
    },
  },
  {
    name: 'a line on which only answers are lost still carries commands',
    run: async (lab) => {
      const talk = await talking(
        lab,
        'echo up; read -r word; echo $word >/run/heard; echo $word',
        '(sleep 4; echo late; sleep 1) |',
      );
      const cut = await cutLine(lab, 'edge1', 'drop', { direction: 'answers' });
      await until(
        'the order arrives',
        20,
        async () => (await run(await lab.device('edge1').inside(['cat', '/run/heard']))).out === 'late\n',
      );
      await cut.mend();
      strictEqual((await talk.outcome).out, 'up\nlate\n');
    },
  },
];

/** Returns the number of answered pings from the gateway to the operator, and the milliseconds of the quickest. */
async function pings(lab: Lab, count: number): Promise<{ readonly received: number; readonly quickest: number }> {
  const ping = ['ping', '-q', '-c', `${count}`, '-i', '0.02', '-W', '5', ADDRESS.operator];
  const { out } = await run(await lab.device('edge1').inside(ping));
  return { received: Number(/(\d+) received/.exec(out)?.[1]), quickest: Number(/= ([\d.]+)\//.exec(out)?.[1]) };
}

/** Starts a command on the gateway whose SSH connection is up: it has printed something. */
async function talking(lab: Lab, command: string, before = ''): Promise<{ readonly outcome: Promise<Outcome> }> {
  let said = '';
  const line = lab.sshArguments('edge1', 'root', [command]);
  const outcome = lab.exec('operator', ['sh', '-c', `${before} "$@"`, '-', ...line], {
    watch: (text) => (said += text),
  });
  await until('the connection is up', 30, async () => said !== '');
  return { outcome };
}
