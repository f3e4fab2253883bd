// Helpers for tests of drift: functions that make a sample device's status answer with edited or unmanaged rules, and
// functions that return the drift which `verify` finds in an answer.

import { findDrift, printDrift } from '../../driver/drift';
import { DeviceStatus } from '../../driver/device-status';
import { compareAssumedFacts, verifyLive } from '../../driver/verify-live';
import { OwnershipRecord } from '../../driver/synthesized-stack';
import { VerifyInput, DeviceComparison, verifyDevice } from '../../driver/compare-with-stacks';
import { MAIL, PROJECT, holdersOf, lookAt } from './doctor/samples';

export const [gateway, server] = holdersOf(MAIL) as [OwnershipRecord, OwnershipRecord];
export const foreign = (chain: string, kind = 'ip'): string =>
  `table ${kind} foreign {\n\tchain one {\n${chain}\n\t}\n}\n`;
export const live = (
  holder: OwnershipRecord,
  change: (rules: string) => string,
  parts: Partial<DeviceStatus> = {},
): DeviceStatus => {
  const held = lookAt(holder);
  return { ...held, ruleset: change(held.ruleset), ...parts };
};
export const edited = (holder: OwnershipRecord): Partial<DeviceStatus> => ({
  owners: [{ ...lookAt(holder).owners[0]!, rules: 'edited' }],
});
export const said = (holder: OwnershipRecord, look: DeviceStatus): readonly string[] =>
  findDrift(holder.release!, [], look).map(printDrift);

export const verify = (look: DeviceStatus, compared: VerifyInput): DeviceComparison =>
  verifyDevice(look, 'edge', compared, () => PROJECT, { compareAssumedFacts, verifyLive });
