import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { FORGET_VARIABLE, LEASE_VARIABLE, WORK_VARIABLE, decodeWork } from '../lib/agent-protocol/codec';
import { withoutCommands } from '../lib/problems/ci-commands';
import { Refusal, printProblem, printable } from '../lib/problems/problem';
import { deliver } from './deliver';
import { nothingSent } from './endings';
import { Outcome } from './paragraph';
import { notContacted } from './retract-endings';
import { adoptOf, leaseOf, retractOrder } from './retract-order';
import { programOf } from './program';
import { ownProject } from './project';
import { DOING, Step } from './protocol';
import { assumedFacts, closingText, proveLive } from './prove';
import { isForgotten, retract } from './retract';
import { withSsh } from './ssh';
import { World } from './steps';
import { allowWorkOf } from './work-allowed';
import { inflateWithin } from './synthesized';
import { connectWitnesses } from './witnesses';

// The half that works. It is detached, so that what kills the front doesn't kill a rollback; and it ends when nobody hears it, so
// that nothing is confirmed behind Terraform's back.

async function work(order: string | undefined): Promise<number> {
  const stop = new AbortController();
  const unheard = (): void => stop.abort();
  process.on('disconnect', unheard);
  process.on('SIGTERM', unheard);
  process.on('SIGINT', unheard);
  process.stdout.on('error', unheard);
  const say = (line: string): void => void process.stdout.write(`${withoutCommands(line)}\n`);
  const { step, end } = heartbeat(say);
  try {
    const environment = process.env;
    const lease = leaseOf(environment);
    const world = { lease, token: randomBytes(16).toString('hex'), stop: stop.signal, say, step, wait };
    const outcome = await (order === 'retract' ? retractOnce(environment, world) : deliverOnce(environment, world));
    end();
    outcome.paragraph.forEach(say);
    return outcome.delivered ? 0 : 1;
  } catch (error) {
    end();
    // Neither throws once a connection is made, so all of this was found before one.
    const lines =
      error instanceof Refusal
        ? error.problems.flatMap((problem) => printProblem(problem).split('\n'))
        : [unforeseen(error)];
    lines.forEach(say);
    // Without a lease it was a person who started this, and Terraform knows nothing of it.
    if (process.env[LEASE_VARIABLE])
      nothingSent(order === 'retract' ? 'retract' : 'deliver', ownProject()).forEach(say);
    return error instanceof Refusal ? 2 : 1;
  }
}

const unforeseen = (error: unknown): string =>
  `unforeseen: ${printable(error instanceof Error ? error.message : String(error))}`;

type Own = Omit<World, 'remote' | 'prove' | 'closing' | 'assumed' | 'witness'>;

function deliverOnce(environment: NodeJS.ProcessEnv, own: Own): Promise<Outcome> {
  allowWorkOf(environment);
  const { release, connection } = decodeWork(environment, inflateWithin(WORK_VARIABLE));
  const adopt = adoptOf(environment);
  own.say(
    `${release.device}: delivering release ${release.digest.slice(0, 12)} of ${release.owner}. If this is interrupted before "confirmed", the device goes back to what it runs now.`,
  );
  const judges = { prove: proveLive, closing: closingText, assumed: assumedFacts, witness: connectWitnesses };
  const { platform } = release;
  return withSsh({ ...connection, platform }, environment, (remote) =>
    deliver(release, programOf(platform), { ...own, ...(adopt === undefined ? {} : { adopt }), remote, ...judges }),
  );
}

async function retractOnce(environment: NodeJS.ProcessEnv, own: Own): Promise<Outcome> {
  const order = retractOrder(environment);
  if (isForgotten(order, environment[FORGET_VARIABLE])) return notContacted(order);
  own.say(
    `${order.device}: retracting ${order.owner}. If this is interrupted, the device finishes what it was told, and the next apply asks again.`,
  );
  const { connection } = order;
  return withSsh(connection, environment, (remote) =>
    retract(order, programOf(connection.platform), { ...own, remote }),
  );
}

const wait = (seconds: number): Promise<void> => sleep(seconds * 1000);

/** Whoever kills this process, the front still knows how far it was. */
function tellFront(step: Step): void {
  if (process.connected) process.send?.({ step }, undefined, undefined, () => undefined);
}

/** A line a second while a step takes longer: for people, and because only writing shows that nobody reads any more. */
function heartbeat(say: (line: string) => void): { readonly step: World['step']; readonly end: () => void } {
  let current = '';
  let since = 0;
  const timer = setInterval(() => {
    since += 1;
    if (current !== '') say(`  ${current}, ${since} s`);
  }, 1000);
  return {
    step: (name, doing = DOING[name]) => {
      if (doing !== current) since = 0;
      current = doing;
      tellFront(name);
    },
    end: () => clearInterval(timer),
  };
}

work(process.argv[2]).then(
  (code) => {
    process.exitCode = code;
    if (process.connected) process.disconnect();
  },
  (error: unknown) => {
    process.stdout.write(`${unforeseen(error)}\n`);
    process.exitCode = 1;
    if (process.connected) process.disconnect();
  },
);
