// Prints the results of `verify` as Prometheus metrics: for each device and each owner, whether it runs what was
// delivered.
import { MetricSample, printGauge } from './metrics';

/** One device, whether it could be asked or not. */
interface MeasuredDevice {
  readonly device: string;
  /** The result of verify; undefined if the device could not be asked. */
  readonly comparison?: { readonly matches: boolean; readonly owners: readonly MeasuredOwner[] };
}

interface MeasuredOwner {
  readonly role: string;
  readonly owner: string;
  readonly matches: boolean;
  readonly narrowed: readonly string[];
}

/**
 * Returns the metrics of all devices. A device that could not be asked has no metric but that.
 * @param seconds The time of this run, in seconds since 1970
 */
export function printMetrics(devices: readonly MeasuredDevice[], seconds: number): string {
  const owners = devices.flatMap(({ device, comparison }) =>
    (comparison?.owners ?? []).map((ownerResult) => ({
      labels: { device, role: ownerResult.role, owner: ownerResult.owner },
      ownerResult,
    })),
  );
  return [
    printGauge(
      'device_asked',
      'Whether the device could be asked.',
      devices.map(({ device, comparison }) => [{ device }, Number(comparison !== undefined)]),
    ),
    printGauge(
      'device_as_delivered',
      'Whether the device runs what was delivered to it, confirmed and proven.',
      devices.flatMap(({ device, comparison }): readonly MetricSample[] =>
        comparison ? [[{ device }, Number(comparison.matches)]] : [],
      ),
    ),
    printGauge(
      'owner_as_delivered',
      'The same of one owner.',
      owners.map(({ labels, ownerResult }) => [labels, Number(ownerResult.matches)]),
    ),
    printGauge(
      'owner_narrower',
      "Whether others' rules close to most what the owner's release opens.",
      owners.map(({ labels, ownerResult }) => [labels, Number(ownerResult.narrowed.length > 0)]),
    ),
    printGauge('verified_timestamp_seconds', 'When the devices were asked.', [[{}, seconds]]),
  ].join('');
}
