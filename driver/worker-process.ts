// Program of the driver's worker process: connects to the device and delivers or removes a release. It is detached, so
// that a kill of the front process doesn't kill a rollback. It ends once nothing reads the output any more, so that
// nothing is confirmed without Terraform's knowledge.
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { FORGET_VARIABLE, OWNER_TOKEN_VARIABLE, WORK_VARIABLE, decodeWork } from '../lib/agent-protocol/work-codec';
import { escapeCiCommands } from '../lib/problems/escape-ci-commands';
import { Refusal, printProblem, escapeForDisplay } from '../lib/problems/problem';
import { deliver } from './deliver';
import { describeNothingSent } from './delivery-outcome';
import { OrderOutcome } from './outcome-paragraph';
import { describeNotContacted } from './remove-outcome';
import { parseAdoptedToken, parseOwnerToken, parseRemoveOrder } from './remove-order';
import { loadAgent } from './agent-program';
import { findOwnProject } from './operator-project';
import { STEP_WORDS, DeliveryStep } from './protocol';
import { compareAssumedFacts, renderClosedText, verifyLive } from './verify-live';
import { isForgotten, removeOwner } from './remove';
import { useSsh } from './ssh';
import { DeliveryContext } from './delivery-steps';
import { applyStepBudget } from './step-budget';
import { createInflater } from './synthesized-stack';
import { connectHealthChecks } from './health-checks';

async function runWorker(order: string | undefined): Promise<number> {
  const stop = new AbortController();
  const abort = (): void => stop.abort();
  process.on('disconnect', abort);
  process.on('SIGTERM', abort);
  process.on('SIGINT', abort);
  process.stdout.on('error', abort);
  const printLine = (line: string): void => void process.stdout.write(`${escapeCiCommands(line)}\n`);
  const { step, end } = startHeartbeat(printLine);
  try {
    const environment = process.env;
    const ownerToken = parseOwnerToken(environment);
    const context = {
      ownerToken,
      token: randomBytes(16).toString('hex'),
      signal: stop.signal,
      say: printLine,
      step,
      wait,
    };
    const outcome = await (order === 'retract' ? removeOnce(environment, context) : deliverOnce(environment, context));
    end();
    outcome.paragraph.forEach(printLine);
    return outcome.delivered ? 0 : 1;
  } catch (error) {
    end();
    // Deliver and remove don't throw once a connection is made, so this error came before one.
    const lines =
      error instanceof Refusal
        ? error.problems.flatMap((problem) => printProblem(problem).split('\n'))
        : [formatUnforeseen(error)];
    lines.forEach(printLine);
    // Without an owner token an operator started this, and Terraform isn't involved.
    if (process.env[OWNER_TOKEN_VARIABLE])
      describeNothingSent(order === 'retract' ? 'retract' : 'deliver', findOwnProject()).forEach(printLine);
    return error instanceof Refusal ? 2 : 1;
  }
}

const formatUnforeseen = (error: unknown): string =>
  `unforeseen: ${escapeForDisplay(error instanceof Error ? error.message : String(error))}`;

type WorkerContext = Omit<
  DeliveryContext,
  'remote' | 'verifyLive' | 'renderClosedText' | 'compareAssumedFacts' | 'runHealthCheck'
>;

function deliverOnce(environment: NodeJS.ProcessEnv, context: WorkerContext): Promise<OrderOutcome> {
  applyStepBudget(environment);
  const { release, connection } = decodeWork(environment, createInflater(WORK_VARIABLE));
  const adopt = parseAdoptedToken(environment);
  context.say(
    `${release.device}: delivering release ${release.digest.slice(0, 12)} of ${release.owner}. If this is interrupted before "confirmed", the device goes back to what it runs now.`,
  );
  const judges = {
    verifyLive,
    renderClosedText,
    compareAssumedFacts,
    runHealthCheck: connectHealthChecks,
  };
  const { platform } = release;
  return useSsh({ ...connection, platform }, environment, (remote) =>
    deliver(release, loadAgent(platform), { ...context, ...(adopt === undefined ? {} : { adopt }), remote, ...judges }),
  );
}

async function removeOnce(environment: NodeJS.ProcessEnv, context: WorkerContext): Promise<OrderOutcome> {
  const order = parseRemoveOrder(environment);
  if (isForgotten(order, environment[FORGET_VARIABLE])) return describeNotContacted(order);
  context.say(
    `${order.device}: removing ${order.owner}. If this is interrupted, the device finishes what it was told, and the next apply asks again.`,
  );
  const { connection } = order;
  return useSsh(connection, environment, (remote) =>
    removeOwner(order, loadAgent(connection.platform), { ...context, remote }),
  );
}

const wait = (seconds: number): Promise<void> => sleep(seconds * 1000);

/** Reports the step to the front process, which knows it even if this process is killed. */
function reportStep(step: DeliveryStep): void {
  if (process.connected) process.send?.({ step }, undefined, undefined, () => undefined);
}

/**
 * Prints a line every second while a step takes longer: for people, and because only a write shows that the output
 * isn't read any more.
 */
function startHeartbeat(printLine: (line: string) => void): {
  readonly step: DeliveryContext['step'];
  readonly end: () => void;
} {
  let currentStep = '';
  let seconds = 0;
  const timer = setInterval(() => {
    seconds += 1;
    if (currentStep !== '') printLine(`  ${currentStep}, ${seconds} s`);
  }, 1000);
  return {
    step: (name, stepText = STEP_WORDS[name]) => {
      if (stepText !== currentStep) seconds = 0;
      currentStep = stepText;
      reportStep(name);
    },
    end: () => clearInterval(timer),
  };
}

runWorker(process.argv[2]).then(
  (code) => {
    process.exitCode = code;
    if (process.connected) process.disconnect();
  },
  (error: unknown) => {
    process.stdout.write(`${formatUnforeseen(error)}\n`);
    process.exitCode = 1;
    if (process.connected) process.disconnect();
  },
);
