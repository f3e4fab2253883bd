// Tests the lint rule nat/private-address-twice: it finds two servers of one stack with one address, and none if they
// may be two sites.

import { createReview } from '../../lib/review/judging/create-review';
import { KNOWN, edge, ownersOf, planOf, profile, server } from '../review/samples';

const web = (name: string, address: string) => server(name, address, profile(['443/tcp']));
const behind = (...servers: Parameters<typeof edge>[1]) => edge({ vip: '203.0.113.10' }, servers, []);
// A gateway knows both servers only by its mappings, and refuses them then.
const all = [...behind(web('web1', '10.0.0.10'), web('web3', '10.0.0.11')), behind(web('web2', '10.0.0.10'))[1]!];
const found = (...plans: Parameters<typeof createReview>[0]) =>
  createReview(plans, KNOWN)
    .findings.filter(({ code }) => code === 'nat/private-address-twice')
    .map(({ where, what }) => `${where}: ${what.split(':')[0]}`);

const owners = ownersOf([], all);

test('finds two servers of one stack with one address, though neither is published', () =>
  expect(found(planOf(owners))).toEqual([
    'server web2, owner hosting with server web1, owner hosting: Both have 10.0.0.10',
  ]));

test("doesn't find two servers of two stacks, which may be two sites", () => {
  const [gateway, web1, ...others] = owners;
  expect(found(planOf([gateway!, web1!], { name: 'one' }), planOf(others, { name: 'two' }))).toEqual([]);
});

test("doesn't find servers whose gateway isn't known", () => expect(found(planOf(owners.slice(1)))).toEqual([]));
