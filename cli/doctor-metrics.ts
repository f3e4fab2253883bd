import { printAddress } from '../lib/net/address';
import { FromHere } from '../driver/doctor/connect';
import { Diagnosis } from '../driver/doctor/doctor';
import { Question } from '../driver/doctor/question';
import { Sample, gauge } from './metrics';

/** One address that was asked about. */
interface Walk {
  readonly question: Question;
  readonly found: Diagnosis['found'];
  readonly fromHere: FromHere;
}

/** Of what nobody can say nothing is said but that. `seconds`: since 1970, of this run. */
export function printMetrics(walks: readonly Walk[], seconds: number): string {
  const each = (value: (walk: Walk) => boolean | undefined): readonly Sample[] =>
    walks.flatMap((walk): readonly Sample[] => {
      const { address, protocol, port } = walk.question;
      const is = value(walk);
      return is === undefined ? [] : [[{ address: printAddress(address), protocol, port: String(port) }, Number(is)]];
    });
  const isKnown = ({ found }: Walk): boolean => found === 'nothing wrong' || found === 'a cause';
  return [
    gauge('address_known', 'Whether something wrong was found, or it is known that nothing is.', each(isKnown)),
    gauge(
      'address_as_asked',
      'Whether nothing wrong was found on the way.',
      each((walk) => (isKnown(walk) ? walk.found === 'nothing wrong' : undefined)),
    ),
    gauge(
      'address_connected',
      'Whether the machine that asked could connect.',
      each(({ fromHere: { is } }) => (is === 'not tried' ? undefined : is === 'connected')),
    ),
    gauge('walked_timestamp_seconds', 'When the addresses were asked about.', [[{}, seconds]]),
  ].join('');
}
