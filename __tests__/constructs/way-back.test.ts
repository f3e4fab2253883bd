import {
  CpanelFirewallProfile,
  CpanelFirewallProfileProps,
  CpanelServer,
  CpanelServerProps,
  OneToOneNat,
  VirtualIp,
} from '../../constructs/public';
import { HOST_KEY, gatewayIn, gatewayProps, profileProps, serverProps, stackOf } from './construct-samples';
import { refusalOf, refusedBy } from './refused-stacks';

const here = '(__tests__/constructs/way-back.test.ts:N)';

const refused = (
  connection: object,
  profile: Partial<CpanelFirewallProfileProps> = {},
  more: Partial<CpanelServerProps> = {},
): readonly string[] => {
  const stack = stackOf();
  const own = new CpanelFirewallProfile(stack, 'own', { ...profileProps, ...profile });
  new CpanelServer(stack, 'web1', { ...serverProps(own), inside: 'none', connection: { hostKeys: [HOST_KEY], ...connection }, ...more });
  return refusedBy(stack);
};

test('SSH to a port of the server that its profile opens to nobody', () => {
  const closed = [`constructs/ssh-closed at CpanelServer "web1" ${here} connection`];
  expect(refused({ port: 2222 })).toEqual(closed);
  expect(refused({ port: 2222, host: '10.0.0.10' })).toEqual(closed);
  const management = { from: ['10.0.0.0/28'], port: 2222 };
  expect(refused({}, { management })).toEqual(closed);
  expect(refused({ port: 2222 }, { management })).toEqual([]);
  expect(refused({})).toEqual([]);
});

test('where somebody else opens it, or it may be another port of another address, nothing is said', () => {
  expect(refused({ port: 2222 }, { services: ['smtp', { service: '2222/tcp', from: ['192.0.2.0/28'] }] })).toEqual([]);
  expect(refused({ port: 2222 }, {}, { inside: ['10.0.0.0/24'] })).toEqual([]);
  expect(refused({ port: 2222, host: '203.0.113.10' })).toEqual([]);
  expect(refused({ port: 2222, host: 'web1.example.com' })).toEqual([]);
  expect(refused({ port: 2222, userConfiguration: true })).toEqual([]);
});

test.each<[string, string, object, readonly string[]]>([
  ['for everybody', '203.0.113.10', {}, ['constructs/host-published']],
  ['for listed peers', '203.0.113.10', { destination: ['192.0.2.0/28'] }, []],
  ['that is disabled', '203.0.113.10', { enabled: false }, []],
  ['of another address', '203.0.113.11', {}, []],
])('SSH to an address that a mapping %s leads away', (_, host, mapping, expected) => {
  const stack = stackOf();
  const gateway = gatewayIn(stack, { connection: { ...gatewayProps.connection, host } });
  const virtualIp = new VirtualIp(stack, 'vip', { gateway, address: '203.0.113.10' });
  const open = [{ ports: 443, protocol: 'tcp', from: 'anywhere' }] as const;
  new OneToOneNat(stack, 'web', { virtualIp, inside: '10.0.0.10', open, ...mapping });
  const problems = refusalOf(stack);
  expect(problems.map(({ code }) => code)).toEqual(expected);
  expect(problems.map(({ where, what }) => [where.replace(/:\d+\)/, ':N)'), what])).toEqual(
    expected.map(() => [
      'Gateway "edge1" (__tests__/constructs/construct-samples.ts:N) connection',
      'SSH goes to 203.0.113.10, and mapping web leads whatever comes there to 10.0.0.10: the next connection would end at that host, and the delivery be undone.',
    ]),
  );
});
