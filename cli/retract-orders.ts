import { Problem, Refusal, refuseIfAny } from '../lib/problems/problem';
import { Leases } from './leases';
import { ByHand, Ordered, missing, orderOf } from './owner';
import { targetsOf } from './target';

export interface ManyByHand extends ByHand {
  readonly live?: string;
  readonly all?: boolean;
}

/** A device of which nobody knows what it holds. */
export interface NotOrdered {
  readonly device: string;
  readonly owner: string;
  readonly refusal: Refusal;
}

/**
 * What is to be retracted from each. What is wrong with a device that somebody named is refused before anything is begun, and of all devices those
 * that could not be asked are told in the end. Throws Refusal cli/option-missing, cli/live-… and what the targets are refused for.
 */
export function ordersOf(names: readonly string[], options: ManyByHand): readonly (Ordered | NotOrdered)[] {
  const { owner, live, all = false } = options;
  const devices = [...new Set(names)];
  if (live === undefined && !all && devices.length === 1) return [orderOf(devices[0]!, options)];
  if (all && devices.length > 0) throw new Refusal([someAndAll(devices)]);
  if (owner === undefined || live === undefined)
    throw new Refusal([...(owner === undefined ? [missing('--owner')] : []), ...(live === undefined ? [liveMissing] : [])]);
  const leases = new Leases(live, owner, options.role);
  const asked = all ? leases.devices : devices;
  if (asked.length === 0) throw new Refusal([nobodyHolds(live, owner)]);
  const orders = targetsOf(asked, options).targets.map(({ device, connection, project }): Ordered | NotOrdered => {
    const held = leases.held(device);
    if ('problem' in held) return { device, owner, refusal: new Refusal([held.problem]) };
    const { role, lease } = held;
    return { device, owner, connection, project, lease, orderFor: () => Promise.resolve({ device, owner, connection, role }) };
  });
  if (!all) refuseIfAny(orders.flatMap((order) => ('refusal' in order ? order.refusal.problems : [])));
  return orders;
}

const liveMissing: Problem = {
  code: 'cli/option-missing',
  where: '--live',
  what: 'Each device holds the owner under a lease of its own.',
  instead: 'cpanel-edge verify --json >FILE; then --live FILE.',
};

const someAndAll = (devices: readonly string[]): Problem => ({
  code: 'cli/options-conflict',
  where: '--all',
  what: `Devices are named, too: ${devices.join(', ')}.`,
  instead: 'their names, or --all.',
});

const nobodyHolds = (file: string, owner: string): Problem => ({
  code: 'cli/no-such-owner',
  where: owner,
  what: `By ${file} no device holds a release of this owner.`,
  instead: 'an owner as verify prints it.',
});
