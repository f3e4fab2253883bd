import { Problem, Refusal } from '../lib/problems/problem';
import { Asked } from './device-asked';
import { expectOk } from './faults';
import { preparedProgram } from './install';
import { askHeld } from './look';
import { RetractOrder } from './retract-order';
import { verifyCommand } from './paragraph';
import { Patience } from './patience';
import { DeviceProgram } from './program';
import { ownProject } from './project';
import { Retracted, notRetracted, retracted } from './retract-endings';
import { LONGEST_WAIT, World } from './steps';

type Surroundings = Pick<World, 'remote' | 'lease' | 'token' | 'stop' | 'say' | 'step' | 'wait' | 'project'> & {
  /** A person ordered it, and Terraform doesn't know. */
  readonly byHand?: boolean;
};

/** `device/owner`, several separated by commas: devices that are gone for ever. */
export const isForgotten = ({ device, owner }: RetractOrder, forget: string | undefined): boolean =>
  (forget ?? '').split(',').some((one) => one.trim() === `${device}/${owner}`);

/** Takes an owner off a device. Nothing is armed: the end is what the device was without us, or a server that stays closed. */
export async function retract(order: RetractOrder, program: DeviceProgram, world: Surroundings): Promise<Retracted> {
  const { device, owner } = order;
  const project = world.project ?? ownProject();
  const asked: Asked = { connection: world.remote.connection, device, owner, project };
  const verify = verifyCommand(project, world.remote.connection);
  let told = false;
  let theirs: string | undefined;
  try {
    world.step('connect');
    await preparedProgram(world.remote, program, world.say, { stop: world.byHand ? world.stop : undefined });
    const words = ['retract', order.role, order.owner, world.lease, world.token];
    const patience = new Patience();
    for (let first = true; ; first = false) {
      world.step('retract');
      if (world.byHand && world.stop.aborted) throw new Refusal([interruption(order, told)]);
      // A person is told at once what is known; Terraform's worker has time to hear the end.
      const answer = await world.remote.run(words, world.byHand ? { stop: world.stop } : {});
      told ||= answer.result?.is !== 'refused';
      if (answer.result?.word === 'foreign-lease') theirs = answer.result.values['lease'];
      const busy =
        answer.result?.is === 'refused' &&
        answer.result.word === 'busy' &&
        !patience.over(LONGEST_WAIT) &&
        !world.stop.aborted;
      if (!busy) {
        const { left, file } = expectOk(asked, answer, ['retracted']).values;
        const held = left === 'closed' || left === 'rules' ? await askHeld(world.remote, order) : undefined;
        return retracted(order, { left, held, file }, verify, world.byHand);
      }
      if (first)
        world.say(`another delivery holds the device (${answer.result.values['holder'] ?? 'unnamed'}): waiting for it`);
      await patience.pause(world);
    }
  } catch (error) {
    const interrupted = world.byHand && world.stop.aborted;
    const how = { ...(world.byHand ? { byHand: world.lease } : {}), ...(theirs === undefined ? {} : { theirs }) };
    return notRetracted(
      order,
      { problems: interrupted ? [interruption(order, told)] : problemsOf(error), asked: told, ...how },
      project,
      verify,
    );
  }
}

/** Our own end of the connection looks like a broken line. */
export const interruption = ({ device, owner }: Pick<RetractOrder, 'device' | 'owner'>, told: boolean): Problem => ({
  code: 'driver/interrupted',
  where: `${owner} on ${device}`,
  what: told
    ? 'It was interrupted before the device had said what became of it.'
    : 'It was interrupted, and the device has begun nothing of it.',
  instead: told ? 'ask the device first; retracting again does no harm.' : 'retract again.',
});

function problemsOf(error: unknown): readonly Problem[] {
  if (error instanceof Refusal) return error.problems;
  const what = error instanceof Error ? error.message : String(error);
  return [
    { code: 'driver/unforeseen', where: 'the driver', what, instead: 'report it with the version of cpanel-edge.' },
  ];
}
