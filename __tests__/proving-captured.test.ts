import { Policy } from '../lib/policy/policy';
import { prove } from '../lib/proving/prove';
import { EDGE, MANAGEMENT } from './cases/edge';
import { compiled } from './support';

/** A server that is managed from an office outside, and reached from inside by its public address. */
const policy: Policy = compiled(
  {
    gateway: {
      ...EDGE,
      virtualIps: [{ name: 'vip', interface: 'wan0', address: '203.0.113.10', kind: 'ip-alias' }],
      mappings: [
        {
          name: 'web',
          virtualIp: 'vip',
          inside: '10.0.0.10',
          profile: { name: 'web', services: ['443/tcp'], sources: 'anywhere', management: MANAGEMENT },
        },
      ],
      reflections: [{ mode: 'pure-nat', globalHelper: true }],
    },
  },
  'pfsense',
).policies[0]!;

/** As people's LAN is: what its network sends goes anywhere, and nothing else. */
const captured = prove(policy)
  .written.surroundings.text.replace('<assumed/>', '<captured/>')
  .replace(/(<interface>lan<\/interface>[^]*?<source>)\s*<any><\/any>/, '$1<network>lan</network>');
const first = (rule: string): string => captured.replace('<filter>', `<filter><rule>${rule}</rule>`);

test('an office outside loses nothing by the rules of a LAN', () => {
  const proof = prove(policy, captured);
  expect(proof.differences.map(({ text }) => text)).toEqual([]);
  // Nobody but its network comes by it, and that is said.
  expect(proof.narrowed.map(({ kind, vantage }) => `${kind} ${vantage.kind === 'interface' ? vantage.name : ''}`)).toEqual([
    'missing lan0',
  ]);
});

test.each([
  ['from outside', 'wan', '198.51.100.0/28'],
  ['from everywhere', 'wan', '0.0.0.0/1'],
])('a block of the office %s is refused', (_, on, source) => {
  const rule = `<type>block</type><interface>${on}</interface><ipprotocol>inet</ipprotocol><source><address>${source}</address></source><destination><any></any></destination>`;
  const lost = source === '0.0.0.0/1' ? first(rule.replace('0.0.0.0/1', '128.0.0.0/1')) : first(rule);
  expect(prove(policy, lost).differences.map(({ kind }) => kind)).toEqual(['missing']);
});
