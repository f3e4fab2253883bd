import { Holder } from '../driver/synthesized';
import { Problem, Refusal, refuseIfAny } from '../lib/problems/problem';
import { Leases } from './leases';
import { ByHand, Ordered, orderOf } from './owner';
import { holdersOf, targetsOf } from './target';

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
 * What is to be retracted from each. What is wrong is refused before anything is begun; of all devices those that could not be asked are told in the
 * end. Throws Refusal cli/option-missing, cli/live-… and what the targets are refused for.
 */
export function ordersOf(names: readonly string[], options: ManyByHand): readonly (Ordered | NotOrdered)[] {
  const { owner, live, all = false } = options;
  const devices = [...new Set(names)];
  if (live === undefined && !all && devices.length === 1) return [orderOf(devices[0]!, options)];
  if (all && devices.length > 0) throw new Refusal([someAndAll(devices)]);
  if (owner === undefined || live === undefined)
    throw new Refusal([...(owner === undefined ? [ownerMissing] : []), ...(live === undefined ? [liveMissing] : [])]);
  const leases = new Leases(live, owner, options.role);
  const holders = all ? holdersOf(options.stack) : undefined;
  const asked = holders ? everyDevice(leases, live, owner, holders) : devices;
  const notAsked = new Set(all ? leases.notAsked : []);
  const problems: Problem[] = [];
  const orders = targetsOf(asked, options, holders).targets.flatMap(
    ({ device, connection, project }): readonly (Ordered | NotOrdered)[] => {
      const held = leases.held(device);
      if ('problem' in held) {
        if (notAsked.has(device)) return [{ device, owner, refusal: new Refusal([held.problem]) }];
        problems.push(held.problem);
        return [];
      }
      const { role, lease } = held;
      return [
        {
          device,
          owner,
          connection,
          project,
          lease,
          orderFor: () => Promise.resolve({ device, owner, connection, role }),
        },
      ];
    },
  );
  refuseIfAny(problems);
  return orders;
}

/** Those that hold the owner, and of the stacks' devices those that may. */
function everyDevice(leases: Leases, file: string, owner: string, holders: readonly Holder[]): readonly string[] {
  const known = new Set(holders.map(({ device }) => device));
  refuseIfAny(leases.holding.filter((device) => !known.has(device)).map((device) => notHere(device, file, owner)));
  const asked = [...leases.holding, ...leases.notAsked.filter((device) => known.has(device))];
  if (asked.length === 0) throw new Refusal([nobodyHolds(file, owner)]);
  return asked;
}

const ownerMissing: Problem = {
  code: 'cli/option-missing',
  where: '--owner',
  what: 'Nobody has said whose rules.',
  instead: '--owner web, as verify prints it.',
};

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

const notHere = (device: string, file: string, owner: string): Problem => ({
  code: 'cli/no-such-device',
  where: device,
  what: `By ${file} it holds ${owner}, and no stack that is looked at has this device.`,
  instead: 'name the devices in place of --all; or --stack, or the project, that has it.',
});

const nobodyHolds = (file: string, owner: string): Problem => ({
  code: 'cli/no-such-owner',
  where: owner,
  what: `By ${file} no device holds a release of this owner.`,
  instead: 'an owner as verify prints it.',
});
