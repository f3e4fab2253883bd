// Prints the diagnoses of `doctor` as Prometheus metrics, with one sample of a gauge for each address.
import { printAddress } from '../lib/net/address';
import { LocalConnection } from '../driver/doctor/connect-from-here';
import { Diagnosis } from '../driver/doctor/diagnose';
import { Question } from '../driver/doctor/doctor-question';
import { MetricSample, printGauge } from './metrics';

/** The diagnosis of one address. */
interface MeasuredDiagnosis {
  readonly question: Question;
  readonly outcome: Diagnosis['outcome'];
  readonly localConnection: LocalConnection;
}

/**
 * Returns the diagnoses as metrics of Prometheus. A gauge has no sample for an address whose value is unknown;
 * `address_known` tells these addresses. `seconds` is the time of this run in seconds since 1970.
 */
export function printMetrics(diagnoses: readonly MeasuredDiagnosis[], seconds: number): string {
  const createSamples = (value: (walk: MeasuredDiagnosis) => boolean | undefined): readonly MetricSample[] =>
    diagnoses.flatMap((diagnosis): readonly MetricSample[] => {
      const { address, protocol, port } = diagnosis.question;
      const measured = value(diagnosis);
      return measured === undefined
        ? []
        : [[{ address: printAddress(address), protocol, port: String(port) }, Number(measured)]];
    });
  const isKnown = ({ outcome }: MeasuredDiagnosis): boolean => outcome === 'nothing wrong' || outcome === 'a cause';
  return [
    printGauge(
      'address_known',
      'Whether something wrong was found, or it is known that nothing is.',
      createSamples(isKnown),
    ),
    printGauge(
      'address_as_asked',
      'Whether nothing wrong was found on the way.',
      createSamples((diagnosis) => (isKnown(diagnosis) ? diagnosis.outcome === 'nothing wrong' : undefined)),
    ),
    printGauge(
      'address_connected',
      'Whether the machine that asked could connect.',
      createSamples(({ localConnection: { result } }) => (result === 'not tried' ? undefined : result === 'connected')),
    ),
    printGauge('walked_timestamp_seconds', 'When the addresses were asked about.', [[{}, seconds]]),
  ].join('');
}
