import { Refusal, printProblem } from '../lib/problems/problem';
import { Outcome } from './deliver';
import { expectOk } from './faults';
import { preparedProgram } from './install';
import { RetractOrder } from './orders';
import { DeviceProgram } from './program';
import { LONGEST_WAIT, World, patience } from './steps';

type Surroundings = Pick<World, 'remote' | 'lease' | 'token' | 'stop' | 'say' | 'step' | 'wait'>;

/** `device/owner`, several separated by commas: devices that are gone for ever. */
export const isForgotten = ({ device, owner }: RetractOrder, forget: string | undefined): boolean =>
  (forget ?? '').split(',').some((one) => one.trim() === `${device}/${owner}`);

export const forgotten = ({ device, owner, role }: RetractOrder): Outcome => ({
  delivered: true,
  paragraph: [
    `${device} was not contacted, as CPANEL_EDGE_FORGET asks: Terraform forgets ${owner} on it.`,
    role === 'gateway'
      ? `If the device still runs, its public addresses and mappings of ${owner} stay as they were, open ports included, also after a restart.`
      : `If the device still runs, its rules of ${owner} stay as they were, open ports included, also after a restart.`,
  ],
});

/** Takes an owner off a device. Nothing is armed: the end is what the device was without us, or a server that stays closed. */
export async function retract(order: RetractOrder, program: DeviceProgram, world: Surroundings): Promise<Outcome> {
  const where = `${order.owner} on ${order.device}`;
  try {
    world.step('connecting');
    await preparedProgram(world.remote, program, world.say);
    const words = ['retract', order.role, order.owner, world.lease, world.token];
    const over = patience();
    for (let waited = 0; ; waited += 2) {
      world.step('retracting');
      const answer = await world.remote.run(words);
      const busy = answer.result?.is === 'refused' && answer.result.word === 'busy' && !over(waited, LONGEST_WAIT) && !world.stop.aborted;
      if (!busy) return retracted(order, expectOk(world.remote.connection, where, answer, ['retracted']).values['left']);
      if (waited === 0) world.say(`another delivery holds the device (${answer.result.values['holder'] ?? 'unnamed'}): waiting for it`);
      await world.wait(2);
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return {
      delivered: false,
      paragraph: [
        ...error.problems.flatMap((problem) => printProblem(problem).split('\n')),
        `${where} was not retracted; what it opens stays open. Terraform keeps it in the state, so the next apply tries again.`,
        `If the device is gone for ever: CPANEL_EDGE_FORGET=${order.device}/${order.owner} in the environment of one apply.`,
      ],
    };
  }
}

const retracted = (order: RetractOrder, left: string | undefined): Outcome => ({
  delivered: true,
  paragraph: [
    left === 'closed'
      ? `${order.owner} is retracted from ${order.device}; its inbound rules stay closed as they were (onRetract: "keep closed").`
      : `${order.owner} is retracted from ${order.device}: rules and addresses that it brought are gone.`,
  ],
});
