// Evaluates each ruleset of this folder and loads it into a real kernel: evaluator, trace and kernel must give the
// packet the outcome that the case states.

import { parser } from '../../../lib/platforms/nftables/parse/parser';
import { withGateway } from '../kernel/kernel-tests';
import { isOf, shownAs } from '../kernel/probes';
import { CASES as SOME, hook, inet, probe } from './cases';
import { DEVICES, FLOWTABLES } from './devices';
import { FIELDS } from './fields';
import { NEARBY } from './nearby';
import { MASKS } from './masks';
import { MARKS } from './marks';
import { FIRST_HEADERS, PARTS } from './parts';
import { RULES } from './rules';
import { SHAPES, TYPES } from './shapes';
import { ZONES } from './zones';
import { getDisposition } from '../get-disposition';
import { drawCases } from '../../randomly';

const CASES = [
  ...SOME,
  ...RULES,
  ...MARKS,
  ...MASKS,
  ...FIELDS,
  ...PARTS,
  ...FIRST_HEADERS,
  ...SHAPES,
  ...ZONES,
  ...DEVICES,
  ...NEARBY,
];

const DECIDED = CASES.filter(({ becomes }) => becomes !== 'unknown');

describe('the nftables parser and evaluator', () => {
  it.each([...CASES, ...TYPES, ...FLOWTABLES].map((one) => [one.name, one] as const))('%s', (_, one) => {
    expect(getDisposition(parser, one.text, one.probe)).toBe(one.becomes);
  });
});

withGateway('the kernel', (namespaces) => {
  it.each(drawCases(DECIDED, 20).map((one) => [one.name, one] as const))('%s', async (_, { text, probe, becomes }) => {
    expect(namespaces().load(text)).toBe(text);
    const arrivals = await namespaces().ask([probe]);
    const got = arrivals
      .filter((one) => isOf(probe, one) && (one.place !== probe.place || probe.place === 'gw'))
      .map(shownAs);
    expect(got).toEqual(becomes === 'denied' ? [] : [becomes.replace(/, but$/, '')]);
  });

  it('drops packets that are translated to loopback, unless the interface’s setting permits them', async () => {
    const asked = NEARBY.filter(({ ledTo }) => ledTo !== undefined);
    const seen: string[][] = [];
    for (const { text, probe } of asked)
      for (const is of [0, 1]) {
        namespaces().run(['sysctl', '-qw', `net.ipv4.conf.wan0.route_localnet=${is}`]);
        namespaces().load(text);
        const arrived = await namespaces().ask([probe]);
        seen.push(arrived.filter((one) => isOf(probe, one) && one.place === 'gw').map(shownAs));
      }
    namespaces().run(['sysctl', '-qw', 'net.ipv4.conf.wan0.route_localnet=0']);
    expect(seen).toEqual(asked.flatMap(({ ledTo }) => [[], [ledTo]]));
  });

  it.each(
    NEARBY.flatMap(({ name, text, probe, takenAs }) =>
      takenAs === undefined ? [] : [[name, text, probe, takenAs] as const],
    ),
  )('delivers to itself %s', async (_, text, probe, takenAs) => {
    namespaces().load(text);
    const arrivals = await namespaces().ask([probe]);
    expect(arrivals.filter((one) => isOf(probe, one) && one.place !== 'out').map(shownAs)).toEqual([takenAs]);
  });

  // nft 1.0.6 lists this rule without `meta nfproto`.
  it('accepts a packet for which a reset of the other family is configured, whatever nft lists', async () => {
    const text = inet(hook('input', '0', 'accept', 'meta nfproto ipv6 tcp dport 443 reject with tcp reset'));
    const asked = probe('out', '198.51.100.7', '198.51.100.2', 443);
    namespaces().load(text);
    const listed = namespaces().listed() ?? text;
    const arrivals = await namespaces().ask([asked]);
    expect(arrivals.filter((one) => isOf(asked, one)).map(shownAs)).toContain('gw: 198.51.100.7 > 198.51.100.2:443');
    expect(getDisposition(parser, listed, asked)).not.toBe('denied');
  });
});
