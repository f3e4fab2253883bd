// Tests the refusals of wrong options of `exposure` (--to, --port, --service, --start), each with its advice.

import { Refusal } from '../../lib/problems/problem';
import { ExposureOptions, parseQuestion } from '../../lib/exposure/answer/question';
import { reportOf } from './report-on-file';

function refused(asking: ExposureOptions): readonly [what: string, instead: string] {
  try {
    parseQuestion(asking);
  } catch (error) {
    if (error instanceof Refusal && error.problems.length === 1)
      return [error.problems[0]!.what, error.problems[0]!.instead];
    throw error;
  }
  throw new Error('it is taken');
}

const ADDRESSES = '203.0.113.10, 203.0.113.0/24, 2001:db8::10.';
const PORTS = '443, 8000-8010, 53/udp; names go with --service.';

describe('a refused option says why, and what to write', () => {
  test.each([
    [
      '10.0.0.1/8',
      ' has host bits set, so it names a host and a network at once.',
      '10.0.0.0/8 for the network, or 10.0.0.1 for the host.',
    ],
    ['fe80::1%eth0', ' is no address and no prefix: zones belong to one device only.', ADDRESSES],
    [
      '203.0.113.10:443',
      ' is no address and no prefix: a port stands behind it.',
      `${ADDRESSES.slice(0, -1)}; a port goes with --port.`,
    ],
    [
      '[2001:db8::1]:443',
      ' is no address and no prefix: a port stands behind it.',
      `${ADDRESSES.slice(0, -1)}; a port goes with --port.`,
    ],
    ['300.1.1.1', ' is no address and no prefix: none of the four numbers may be above 255.', ADDRESSES],
    ['203.0.113.0/33', ' is no address and no prefix: a length of IPv4 is 32 at most.', ADDRESSES],
    ['2001:db8::/129', ' is no address and no prefix: a length of IPv6 is 128 at most.', ADDRESSES],
    ['10.0/16', ' is no address and no prefix: all four numbers are needed.', ADDRESSES],
    [
      '10.0.0.1-10.0.0.5',
      ' is no address and no prefix: it is a range; write the prefixes that make it up.',
      ADDRESSES,
    ],
    ['anybody', ' is no address and no prefix.', ADDRESSES],
  ])('--to %s', (wrote, what, instead) => expect(refused({ to: [wrote] })).toEqual([`"${wrote}"${what}`, instead]));

  test.each([
    ['70000', ' is no port: they end at 65535.', PORTS],
    ['1-70000/tcp', ' is no port: they end at 65535.', PORTS],
    ['80-22', ' is no port: it ends before it begins.', PORTS],
    ['443/tpc', ' is no port: the protocols that have ports are tcp, udp, sctp, dccp, udplite.', PORTS],
    ['0/tcp', ' is no port: with a protocol they begin at 1.', PORTS],
    ['https', ' is no port: it is the name of a service.', '--service https.'],
    ['postgresql', ' is no port: it is the name of a service.', '--service postgresql.'],
    ['x', ' is no port.', PORTS],
  ])('--port %s', (wrote, what, instead) => expect(refused({ port: [wrote] })).toEqual([`"${wrote}"${what}`, instead]));

  test.each(['8443', '443/tcp', '8000-8010'])('--service %s', (wrote) =>
    expect(refused({ service: [wrote] })).toEqual([
      `No service is called "${wrote}": it is a port.`,
      `--port ${wrote}.`,
    ]),
  );
});

describe('the option --start', () => {
  const advice = (place: string): string => {
    try {
      reportOf('table inet filter {\n}\n', { start: [place] });
    } catch (error) {
      if (error instanceof Refusal) return error.problems[0]!.instead;
      throw error;
    }
    throw new Error('it is taken');
  };
  test('refuses an interface named "internet", which would be ambiguous', () => {
    expect(['internet', 'Internet'].map(advice)).toEqual(
      Array(2).fill('outside: any source in the internet, by whichever interface.'),
    );
    expect(advice('eth7')).toBe('outside, inside, server, localhost; or tell of it: --interface eth7:outside.');
  });
});
