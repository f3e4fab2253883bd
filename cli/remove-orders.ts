// Returns the removals that `cpanel-edge remove` does, one for each device, from the device names, the options, the
// stacks and the owner tokens of --live.
import { OwnershipRecord } from '../driver/synthesized-stack';
import { Problem, Refusal, refuseIfAny } from '../lib/problems/problem';
import { OwnerTokens } from './owner-tokens';
import { OwnerOptions, RemoveRequest, parseOrder } from './owner-options';
import { readRecords, findTargets } from './target';

export interface RemoveOptions extends OwnerOptions {
  readonly live?: string;
  readonly all?: boolean;
}

/** A device that could not be asked, so that its owners are unknown. */
export interface UnaskedDevice {
  readonly device: string;
  readonly owner: string;
  readonly refusal: Refusal;
}

/**
 * Returns the request for each device. Problems are refused before any removal begins. With --all, the devices that
 * could not be asked are returned and reported in the end.
 * @throws Refusal cli/option-missing, cli/live-…, and the codes of findTargets
 */
export function createOrders(
  names: readonly string[],
  options: RemoveOptions,
): readonly (RemoveRequest | UnaskedDevice)[] {
  const { owner, live, all = false } = options;
  const devices = [...new Set(names)];
  if (live === undefined && !all && devices.length === 1) return [parseOrder(devices[0]!, options)];
  if (all && devices.length > 0) throw new Refusal([createSomeAndAllProblem(devices)]);
  if (owner === undefined || live === undefined)
    throw new Refusal([...(owner === undefined ? [ownerMissing] : []), ...(live === undefined ? [liveMissing] : [])]);
  const ownerTokens = new OwnerTokens(live, owner, options.role);
  const ownershipRecords = all ? readRecords(options.stack) : undefined;
  const askedDevices = ownershipRecords ? listDevices(ownerTokens, live, owner, ownershipRecords) : devices;
  const notAsked = new Set(all ? ownerTokens.notAsked : []);
  const problems: Problem[] = [];
  const orders = findTargets(askedDevices, options, ownershipRecords).targets.flatMap(
    ({ device, connection, project }): readonly (RemoveRequest | UnaskedDevice)[] => {
      const token = ownerTokens.findToken(device);
      if ('problem' in token) {
        if (notAsked.has(device)) return [{ device, owner, refusal: new Refusal([token.problem]) }];
        problems.push(token.problem);
        return [];
      }
      const { role, ownerToken } = token;
      return [
        {
          device,
          owner,
          connection,
          project,
          ownerToken,
          orderFor: () => Promise.resolve({ device, owner, connection, role }),
        },
      ];
    },
  );
  refuseIfAny(problems);
  return orders;
}

/**
 * Returns the devices that hold the owner, and those of the stacks that may hold it because they could not be asked.
 */
function listDevices(
  ownerTokens: OwnerTokens,
  file: string,
  owner: string,
  ownershipRecords: readonly OwnershipRecord[],
): readonly string[] {
  const knownDevices = new Set(ownershipRecords.map(({ device }) => device));
  refuseIfAny(
    ownerTokens.holding
      .filter((device) => !knownDevices.has(device))
      .map((device) => createNotHereProblem(device, file, owner)),
  );
  const devices = [...ownerTokens.holding, ...ownerTokens.notAsked.filter((device) => knownDevices.has(device))];
  if (devices.length === 0) throw new Refusal([createUnownedProblem(file, owner)]);
  return devices;
}

const ownerMissing: Problem = {
  code: 'cli/option-missing',
  where: '--owner',
  what: 'No option says which owners’ rules.',
  instead: '--owner web, as verify prints it.',
};

const liveMissing: Problem = {
  code: 'cli/option-missing',
  where: '--live',
  what: 'Each device holds the owner under a token of its own.',
  instead: 'cpanel-edge verify --json >FILE; then --live FILE.',
};

const createSomeAndAllProblem = (devices: readonly string[]): Problem => ({
  code: 'cli/options-conflict',
  where: '--all',
  what: `Devices are named, too: ${devices.join(', ')}.`,
  instead: 'their names, or --all.',
});

const createNotHereProblem = (device: string, file: string, owner: string): Problem => ({
  code: 'cli/no-such-device',
  where: device,
  what: `By ${file} it holds ${owner}, and no stack that is looked at has this device.`,
  instead: 'name the devices in place of --all; or --stack, or the project, that has it.',
});

const createUnownedProblem = (file: string, owner: string): Problem => ({
  code: 'cli/no-such-owner',
  where: owner,
  what: `By ${file} no device holds a release of this owner.`,
  instead: 'an owner as verify prints it.',
});
