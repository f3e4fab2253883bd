// Tests reviews of servers with the same address at several sites, on random policies and by hand: each server is
// judged as if it were alone, and an altered text of one is found.

import { checkShares, fc } from '../../randomly';
import { toLocationKey } from '../../../lib/net/device';
import { ChangeBlock, computeEdgeBlocks, computeServerBlocks } from '../../../lib/review/judging/change-blocks';
import { createEdges } from '../../../lib/review/judging/gateway-edges';
import { createReview } from '../../../lib/review/judging/create-review';
import { ComparisonScope } from '../../../lib/review/judging/comparison-scope';
import { RemarkCollector } from '../../../lib/review/judging/review-state';
import { judgeOwner } from '../../../lib/review/judging/judge-owner';
import { EvaluatedTexts } from '../../../lib/review/judging/evaluated-texts';
import { EDGE } from '../../cases/edge';
import { KNOWN, ownersOf, planOf, policiesOf, profile, server } from '../samples';

interface Site {
  /** Sites with the same internal network. */
  readonly network: number;
  readonly before: readonly number[] | undefined;
  readonly after: readonly number[];
}

const ports = fc.uniqueArray(fc.constantFrom(25, 80, 443, 993), { minLength: 1, maxLength: 3 });
const sites = fc.array(
  fc.record<Site>({ network: fc.nat(1), before: fc.option(ports, { nil: undefined }), after: ports }),
  {
    minLength: 2,
    maxLength: 4,
  },
);

/** Each gateway allows the same as its server, and has a public address of its own. */
const siteOf = (n: number, network: number, open: readonly number[] | undefined): ReturnType<typeof policiesOf> =>
  open === undefined
    ? []
    : policiesOf({
        gateway: {
          ...EDGE,
          interfaces: EDGE.interfaces.map((one) =>
            one.role === 'outside' ? one : { ...one, addresses: [`10.0.${network}.1/24`] },
          ),
          virtualIps: [{ name: 'vip', interface: 'wan0', address: `203.0.113.${n + 10}`, kind: 'ip-alias' }],
          mappings: [{ name: 'web', virtualIp: 'vip', internal: { server: `web${n}` } }],
        },
        servers: [server(`web${n}`, `10.0.${network}.10`, profile(open.map((port) => `${port}/tcp`)))],
      }).map((policy) => (policy.kind === 'gateway' ? { ...policy, device: `edge${n}` } : policy));

const said = (blocks: readonly ChangeBlock[]): readonly unknown[] =>
  blocks.map(({ kind, scope, startLocation, shownLocation, bypassedGateways, packets }) => ({
    kind,
    scope,
    vantage: toLocationKey(startLocation),
    shown: shownLocation,
    beside: bypassedGateways,
    packets,
  }));

it('reaches servers with one address exactly if it reaches each of them alone', () => {
  let [tried, alike] = [0, 0];
  fc.assert(
    fc.property(sites, (all) => {
      tried += 1;
      const of = (when: 'before' | 'after'): ReturnType<typeof policiesOf> =>
        all.flatMap((one, n) => siteOf(n, one.network, one[when]));
      const plan = planOf(ownersOf(of('before'), of('after')));
      const [texts, remarks] = [new EvaluatedTexts(), new RemarkCollector()];
      const judged = plan.owners.map((planned) => judgeOwner(planned, plan, KNOWN, texts, remarks)!);
      const sided = judged.map((one) => ({ judgedOwner: one, comparison: new ComparisonScope(one) }));
      const edges = createEdges(sided);
      const through = edges.flatMap(computeEdgeBlocks);
      for (const one of sided.filter(({ judgedOwner: { plannedOwner } }) => plannedOwner.role === 'server')) {
        if (edges.filter(({ servers }) => servers.includes(one)).length > 1 && through.length > 0) alike++;
        // The cache is keyed by the list: an equal list is computed anew.
        expect(said(computeServerBlocks(one, edges, through))).toEqual(
          said(computeServerBlocks(one, edges, [...through])),
        );
      }
    }),
    { numRuns: 15, endOnFailure: true },
  );
  checkShares(tried, () => expect(alike).toBeGreaterThan(0));
});

it('finds the altered text of one of two servers with the same address', () => {
  const both = ['web1', 'web2'].flatMap((name, n) =>
    policiesOf({ servers: [server(name, `10.0.5.${n + 10}`, profile(['443/tcp']))] }),
  );
  const owners = ownersOf([], both).map((owner) =>
    owner.device === 'web2'
      ? { ...owner, after: { ...owner.after!, text: owner.after!.text.replace('443', '444') } }
      : owner,
  );
  const { objections } = createReview([planOf(owners)], KNOWN);
  expect([...new Set(objections.map(({ code, where }) => `${code} ${where}`))]).toEqual([
    'review/text-altered web2/hosting',
  ]);
});

describe('of servers with one address a review names', () => {
  const edgeOf = (n: number): ReturnType<typeof policiesOf> => siteOf(n, 0, [443]);
  const reached = (...plans: readonly ReturnType<typeof policiesOf>[]): readonly string[] =>
    createReview(
      plans.map((after, n) => planOf(ownersOf([], after), { name: `site${n}` })),
      KNOWN,
    ).changes.flatMap(({ kind, destinations, destinationHost, hostAfter }) =>
      kind === 'opened' || kind === 'moved'
        ? `${destinations.join()}: ${kind === 'moved' ? hostAfter! : destinationHost}`
        : [],
    );

  it('the one in the plan of its gateway, and the server itself', () => {
    expect(reached(edgeOf(0), edgeOf(1)).filter((one) => one.startsWith('203.0.113.'))).toEqual(
      expect.arrayContaining(['203.0.113.10: 10.0.0.10 of web0', '203.0.113.11: 10.0.0.10 of web1']),
    );
    expect(reached(edgeOf(0), edgeOf(1)).filter((one) => one.includes('203.0.113.10') && one.includes('web1'))).toEqual(
      [],
    );
    expect(reached(edgeOf(0), edgeOf(1)).filter((one) => one.includes('203.0.113.11') && one.includes('web0'))).toEqual(
      [],
    );
  });

  it('all of them, if a gateway may translate to any', () => {
    const servers = (all: ReturnType<typeof policiesOf>): typeof all => all.filter(({ kind }) => kind === 'server');
    const gateway = edgeOf(0).filter(({ kind }) => kind === 'gateway');
    expect(reached(gateway, servers(edgeOf(0)), servers(edgeOf(1)))).toContain(
      '203.0.113.10: 10.0.0.10 of web0 or web1',
    );
  });
});
