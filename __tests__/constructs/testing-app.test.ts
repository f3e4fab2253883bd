// Tests the matchers `toExpose` and `toExposeNothingElse` on an App whose gateway and server are in two stacks: the App
// is judged end to end, each stack by itself.

import { App, TerraformStack } from 'cdktf';
import * as api from '../../constructs/public';
import { exposureMatchers, exposureOf } from '../../constructs/testing';
import { gatewayIn, profileProps, serverProps } from './construct-samples';

expect.extend(exposureMatchers);

const SIX = '2001:db8::10';

/** A gateway in one stack, and the server behind it in another. */
function apart(
  app: App,
  site = '',
  publicAddress = '203.0.113.10',
  addresses: readonly string[] = ['10.0.0.10/24', `${SIX}/64`],
) {
  const [gateways, servers] = ['gateways', 'servers'].map((name) => new TerraformStack(app, `${name}${site}`)) as [
    TerraformStack,
    TerraformStack,
  ];
  const profile = new api.CpanelFirewallProfile(servers, 'own', profileProps);
  const server = new api.CpanelServer(servers, 'mail1', { ...serverProps(profile), addresses });
  gatewayIn(gateways).publish(server, publicAddress);
  return { gateways, servers };
}

describe('an App with gateways and servers in separate stacks', () => {
  const app = new App({ stackTraces: false });
  const { gateways, servers } = apart(app);
  const [mapped, direct] = [
    ['tcp 25,443 on 203.0.113.10', 'tcp 22 on 203.0.113.10 from 10.0.0.0/28'],
    [`tcp 25,443 on ${SIX}`],
  ] as const;

  it('exposes what is reached by the gateway, and what is reached past it', () => {
    for (const one of [mapped[0], ...direct]) expect(app).toExpose(one);
    expect(app).toExposeNothingElse([...mapped, ...direct]);
    expect(() => expect(app).toExposeNothingElse(mapped)).toThrow(
      new RegExp(`beyond it:\n( .*\n)* .*${SIX} tcp 25,443`),
    );
    expect(() => expect(app).not.toExpose(direct[0])).toThrow(`${SIX} tcp 25: mail1 lets it through`);
  });

  it("its stacks expose their own part: the server's excludes what the other stack's gateway translates to it", () => {
    expect(gateways).toExposeNothingElse(mapped);
    expect(servers).toExposeNothingElse(direct);
    expect(servers).not.toExpose('tcp 25 on 10.0.0.10');
  });

  it('names the stack of each line in a message', () => {
    expect(exposureOf(app)).toBe(`${exposureOf(gateways)}\n${exposureOf(servers)}`);
  });
});

it('keeps sites with the same internal addresses apart', () => {
  const app = new App({ stackTraces: false });
  apart(app, 'one');
  const other = new TerraformStack(app, 'other');
  const closed = new api.CpanelFirewallProfile(other, 'own', { ...profileProps, services: ['https'] });
  const server = new api.CpanelServer(other, 'web1', serverProps(closed));
  gatewayIn(other).publish(server, '203.0.113.20');
  expect(app).toExpose('tcp 25,443 on 203.0.113.10');
  expect(app).toExpose('tcp 443 on 203.0.113.20');
  expect(app).not.toExpose('tcp 25 on 203.0.113.20');
});

it('fails with a message if it has no stack', () => {
  const empty = new App({ stackTraces: false });
  for (const ask of [() => expect(empty).toExposeNothingElse([]), () => exposureOf(empty)])
    expect(ask).toThrow(
      new TypeError('What is exposed is asked of a stack, of a construct in one, or of an App that has some.'),
    );
});
