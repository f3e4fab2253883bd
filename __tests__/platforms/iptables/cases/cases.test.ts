// Evaluates each iptables ruleset of cases.ts and loads it into a real kernel: both must give the packets the outcomes
// that the case states.

import { parser } from '../../../../lib/platforms/iptables/parse/parser';
import { Case, TARGETS, one, toGateway } from './cases';
import { MARKS } from './marks';
import { TO_PORTS } from './ports';
import { SETS_CHANGED } from './sets';
import { TESTS, combined } from '../matches';
import { filter, nat, table, whole } from '../printed';
import { isOf, shownAs } from '../../../evaluator/kernel/probes';
import { BACK_ENDS, BackEnd, withIptables } from '../kernel';
import { getDisposition } from '../../../evaluator/get-disposition';
import { drawCases } from '../../../randomly';

const ALONE = [...TARGETS, ...TO_PORTS, ...MARKS, ...SETS_CHANGED];

describe('the iptables parser', () => {
  it.each([...TESTS, ...ALONE].map((one) => [one.name, one] as const))('%s', (_, one) => {
    expect(one.asked.map((asked) => getDisposition(parser, whole(one), asked.probe))).toEqual(
      one.asked.map(({ becomes }) => becomes),
    );
  });
});

withIptables('the kernel', (host) => {
  const becomes = async (one: Case, backEnd: BackEnd): Promise<void> => {
    host().load(one, backEnd);
    const asked = one.asked.filter((its) => its.becomes !== 'unknown');
    const seen = await host().ask(asked.map(({ probe }) => probe));
    const got = asked.map(({ probe }) => [
      probe,
      seen.filter((its) => isOf(probe, its) && (its.place !== probe.place || probe.place === 'gw')).map(shownAs),
    ]);
    expect(got).toEqual(
      asked.map((its) => [its.probe, its.becomes === 'denied' ? [] : [its.becomes.replace(/, but$/, '')]]),
    );
  };
  it.each(BACK_ENDS)('accepts the packets that every match accepts, by iptables-%s', (backEnd) =>
    becomes(combined(TESTS), backEnd),
  );

  const decided = ALONE.filter(({ asked }) => asked.some((its) => its.becomes !== 'unknown'));
  it.each(drawCases(decided, 10).map((one, at) => [one.name, BACK_ENDS[at % 2]!, one] as const))(
    '%s, by iptables-%s',
    (_, backEnd, one) => becomes(one, backEnd),
  );

  const SEEN_AS = '192.0.2.66';
  const behind: Case = one(
    'table security drops by the source after an SNAT in INPUT',
    {
      ip:
        nat(`-A INPUT -j SNAT --to-source ${SEEN_AS}`) +
        table(
          'security',
          ':INPUT ACCEPT [0:0]',
          ':FORWARD ACCEPT [0:0]',
          ':OUTPUT ACCEPT [0:0]',
          `-A INPUT -s ${SEEN_AS} -j DROP`,
        ) +
        filter('ACCEPT', 'ACCEPT'),
    },
    toGateway,
    'unknown',
  );
  it.each([
    ['nft', 'denied'],
    ['legacy', `gw: ${SEEN_AS} > 198.51.100.2:443`],
  ] as const)(`${behind.name}, by iptables-%s`, async (backEnd, wanted) => {
    await becomes({ ...behind, asked: [{ probe: toGateway, becomes: wanted }] }, backEnd);
    expect(getDisposition(parser, host().printed(backEnd), toGateway)).toBe(wanted);
  });

  it(`${behind.name}, of a text that doesn’t show its backend`, () => {
    expect(getDisposition(parser, behind.ip!, toGateway)).toBe('unknown');
  });
});
