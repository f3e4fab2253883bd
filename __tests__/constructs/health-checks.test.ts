// Tests the health checks of servers and gateways at synthesis: one that the release itself denies is refused, and a
// changed one changes only the ownership record and delivers nothing.

import { OneToOneNat } from '../../constructs/public';
import { gatewayIn, serverIn, stackOf, vipIn } from './construct-samples';
import { saidOf } from './refused-stacks';
import { synthesized } from './synthesized';

const [from, closed] = [
  '198.51.100.8',
  'has to be let through after each delivery, and what is written here keeps it out',
];

test.each<[string, object, readonly unknown[]]>([
  [
    'no port of its profile',
    { from, to: '10.0.0.10', port: 3306 },
    [`198.51.100.8 to 10.0.0.10 tcp 3306, by eth0, ${closed}`],
  ],
  ['a port for others', { from, to: '10.0.0.10', port: 22 }, [`198.51.100.8 to 10.0.0.10 tcp 22, by eth0, ${closed}`]],
  ['a port that is open', { from, to: '10.0.0.10', port: 443 }, []],
  ['management', { from: '10.0.0.2', to: '10.0.0.10', port: 22 }, []],
  ['a check from inside, which stays the same', { from: '10.0.0.99', to: '10.0.0.10', port: 3306 }, []],
  ['no address of its own', { from, to: '10.0.9.10', port: 3306 }, []],
])('a health check of a server: %s', (_, witness, said) => {
  const stack = stackOf();
  serverIn(stack, {
    healthChecks: [{ from, to: '10.0.0.10', port: 25 }, { interface: 'eth0', ...witness } as never],
    interface: 'eth0',
  });
  expect(saidOf(stack)).toEqual(
    said.map((what) =>
      expect.stringMatching(
        new RegExp(
          `^constructs/witness-denied at CpanelServer "mail1" .* healthChecks\\[1\\]: ${String(what)} \\(.+\\): every`,
        ),
      ),
    ),
  );
});

test.each<[string, object, number]>([
  ['a port that no mapping opens', { from, to: '203.0.113.10', port: 3306 }, 1],
  ['a port that one opens', { from, to: '203.0.113.10', port: 443 }, 0],
  [
    "the gateway itself, which its policy doesn't filter",
    { interface: 'lan0', from: '10.0.0.2', to: '10.0.0.1', port: 22 },
    0,
  ],
])('a health check of a gateway: %s', (_, witness, count) => {
  const stack = stackOf();
  const gateway = gatewayIn(stack, { healthChecks: [witness as never] });
  new OneToOneNat(stack, 'nat', {
    virtualIp: vipIn(gateway),
    internal: '10.0.0.10',
    open: [{ ports: 443, protocol: 'tcp', from: 'anywhere' }],
  });
  expect(saidOf(stack).filter((one) => one.startsWith('constructs/witness-denied at Gateway "edge1"'))).toHaveLength(
    count,
  );
  expect(saidOf(stack)).toHaveLength(count);
});

test("a new health check changes the owner's record and delivers nothing", () => {
  const plannedWith = (witnesses: object): { readonly triggers: unknown; readonly inputs: readonly unknown[] } => {
    const stack = stackOf();
    gatewayIn(stack, witnesses);
    const { variable, resource } = synthesized(stack) as Record<
      string,
      Record<string, Record<string, { triggers_replace?: string; input?: object }>>
    >;
    const resources = Object.values(resource!['terraform_data']!);
    return {
      triggers: [variable, resources.map(({ triggers_replace }) => triggers_replace)],
      inputs: resources.map(({ input }) => input),
    };
  };
  const witness = { interface: 'lan0', from: '10.0.0.2', to: '10.0.0.1', port: 22 };
  const [before, after] = [plannedWith({}), plannedWith({ healthChecks: [witness] })];
  expect(after.triggers).toEqual(before.triggers);
  expect(JSON.stringify(before.inputs)).not.toContain('witnesses');
  expect(after.inputs).toContainEqual(
    expect.objectContaining({
      witnesses: [{ arrives: 'lan0', from: '10.0.0.2', to: '10.0.0.1', protocol: 'tcp', port: 22 }],
    }),
  );
});
