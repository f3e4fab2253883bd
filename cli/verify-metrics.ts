import { Sample, gauge } from './metrics';

/** One device, asked or not. */
interface Measured {
  readonly device: string;
  /** Undefined where it could not be asked. */
  readonly found?: { readonly same: boolean; readonly owners: readonly MeasuredOwner[] };
}

interface MeasuredOwner {
  readonly role: string;
  readonly owner: string;
  readonly same: boolean;
  readonly narrower: readonly string[];
}

/** Of a device that could not be asked nothing is said but that. `seconds`: since 1970, of this run. */
export function printMetrics(devices: readonly Measured[], seconds: number): string {
  const owners = devices.flatMap(({ device, found }) =>
    (found?.owners ?? []).map((one) => ({ of: { device, role: one.role, owner: one.owner }, one })),
  );
  return [
    gauge(
      'device_asked',
      'Whether the device could be asked.',
      devices.map(({ device, found }) => [{ device }, Number(found !== undefined)]),
    ),
    gauge(
      'device_as_delivered',
      'Whether the device runs what was delivered to it, confirmed and proven.',
      devices.flatMap(({ device, found }): readonly Sample[] => (found ? [[{ device }, Number(found.same)]] : [])),
    ),
    gauge(
      'owner_as_delivered',
      'The same of one owner.',
      owners.map(({ of, one }) => [of, Number(one.same)]),
    ),
    gauge(
      'owner_narrower',
      "Whether others' rules close to most what the owner's release opens.",
      owners.map(({ of, one }) => [of, Number(one.narrower.length > 0)]),
    ),
    gauge('verified_timestamp_seconds', 'When the devices were asked.', [[{}, seconds]]),
  ].join('');
}
