// Tests the Jest matchers `toExpose` and `toExposeNothingElse`: when they pass, and what they print if not.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TerraformStack } from 'cdktf';
import * as ts from 'typescript';
import * as api from '../../constructs/public';
import { exposureMatchers, portExposure } from '../../constructs/testing';
import { gatewayIn, gatewayProps, profileProps, serverIn, serverProps, stackOf } from './construct-samples';

expect.extend(exposureMatchers);
expect.addSnapshotSerializer(portExposure);

const root = join(__dirname, '../..');
const codeOf = (page: string): string =>
  /```ts\n([\s\S]*?)```/.exec(readFileSync(join(root, 'docs/reference/constructs', `${page}.md`), 'utf8'))![1]!;
const run = (code: string, given: Readonly<Record<string, unknown>>): void => {
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.None },
  });
  (new Function(...Object.keys(given), outputText) as (...all: unknown[]) => void)(...Object.values(given));
};

/** The stack of the pages' examples, all in one. */
function documented(): TerraformStack {
  const stack = stackOf('docs');
  const pages = [
    'gateway',
    'cpanel-firewall-profile',
    'cpanel-server',
    'virtual-ip',
    'one-to-one-nat',
    'nat-reflection',
  ];
  run(pages.map(codeOf).join('\n'), { stack, ...api });
  return stack;
}

/** Returns the message of a failed matcher. */
function failing(assertion: () => void): string {
  try {
    assertion();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error('it passed');
}

describe('a stack', () => {
  const stack = documented();

  it('is asked as the page shows it', () => {
    const example = codeOf('testing').replace(/^import .*$/m, '');
    run(example, { stack, expect, exposureMatchers, portExposure, it: (_: string, test: () => void) => test() });
  });

  it('with all that is asked for passes, otherwise the message names what is missing, and why', () => {
    const said = failing(() => expect(stack).toExpose('tcp 993,3306 on 203.0.113.10 from anywhere'));
    expect(said).toContain('expected the stack to expose: tcp 993,3306 on 203.0.113.10 from anywhere');
    expect(said).toMatch(/^exposed:\n {2}203\.0\.113\.10 tcp 993 from anywhere but 192\.0\.2\.0\/24$/m);
    expect(said).toMatch(
      /^not exposed:\n {2}203\.0\.113\.10 tcp 993 from 192\.0\.2\.0\/24\n {2}203\.0\.113\.10 tcp 3306 from anywhere$/m,
    );
    const shown = /```text\n([\s\S]*?)```/.exec(
      readFileSync(join(root, 'docs/reference/constructs/testing.md'), 'utf8'),
    )![1]!;
    expect(`${failing(() => expect(stack).toExpose('tcp 3306 on 203.0.113.10 from anywhere'))}\n`).toBe(shown);
  });

  it('with none of it passes the negation, otherwise the message names what there is', () => {
    const said = failing(() => expect(stack).not.toExpose('tcp 993,3306 on 203.0.113.10 from anywhere'));
    expect(said).toContain('expected the stack to expose nothing of: tcp 993,3306 on 203.0.113.10 from anywhere');
    expect(said).toMatch(/^exposed:\n {2}203\.0\.113\.10 tcp 993 from anywhere but 192\.0\.2\.0\/24$/m);
    expect(said).toMatch(
      /to 203\.0\.113\.10 tcp 993: edge1 lets it through, .*\n.*to 10\.0\.0\.10 tcp 993: mail1 lets it through/,
    );
  });

  it('tells sources apart', () => {
    expect(stack).toExpose('https on 203.0.113.10 from 198.51.100.0/24');
    expect(stack).not.toExpose('https on 203.0.113.10 from anywhere but 198.51.100.0/24');
    const said = failing(() => expect(stack).toExpose('https on 203.0.113.10'));
    expect(said).toMatch(/^not exposed:\n {2}203\.0\.113\.10 tcp 443 from anywhere but 198\.51\.100\.0\/24$/m);
  });

  it('has nothing beyond a list, or the message lists it', () => {
    const said = failing(() => expect(stack).toExposeNothingElse(['tcp 25 on 203.0.113.10']));
    expect(said).toMatch(/^expected the stack to expose nothing but the list\nbeyond it:\n/);
    expect(said).toContain('203.0.113.10 tcp 465,993,8443 from anywhere but 192.0.2.0/24');
    expect(said).toContain('203.0.113.10 tcp 443 from 198.51.100.0/24');
    expect(() => expect(stack).not.toExposeNothingElse(['tcp 25 on 203.0.113.10'])).not.toThrow();
  });

  it('names a result of all internet interfaces once, otherwise each interface', () => {
    const two = stackOf('uplinks');
    const interfaces = [
      'wan0: outside 203.0.113.2/24',
      'wan1: outside 198.51.100.2/24',
      'lan0: inside 10.0.0.1/24',
    ] as const;
    gatewayIn(two, { interfaces }).publish(serverIn(two), '203.0.113.10', { interface: 'wan0' });
    const answers = (assertion: () => void): readonly string[] =>
      failing(assertion)
        .split('for example:')[1]!
        .match(/(edge1|mail1).*(?=,)/g) ?? [];
    expect(answers(() => expect(two).toExposeNothingElse(['tcp 22 on 203.0.113.10']))).toEqual([
      'edge1 by wan0 lets it through',
      'mail1 lets it through',
      'edge1 by wan1 denies it',
    ]);
    expect(answers(() => expect(two).toExpose('tcp 443 on 10.0.0.10'))).toEqual([
      'edge1 denies it',
      'mail1 lets it through',
    ]);
  });

  it('asks the gateway that has the address, and says so if none has', () => {
    const two = documented();
    new api.Gateway(two, 'edge2', {
      ...gatewayProps,
      connection: { ...gatewayProps.connection, host: '10.0.0.3' },
      interfaces: ['wan0: outside 198.51.100.2/25', 'lan0: inside 10.0.0.3/24'],
    }).publish(two.node.findChild('mail1') as api.CpanelServer, '198.51.100.10');
    const said = (address: string): string => failing(() => expect(two).toExpose(`tcp 3306 on ${address}`));
    const asked = (address: string): readonly string[] => said(address).match(/edge\d(?= (lets|denies))/g) ?? [];
    expect([asked('203.0.113.10'), asked('198.51.100.10'), asked('192.0.2.77')]).toEqual([['edge1'], ['edge2'], []]);
    expect(said('192.0.2.77')).toContain(
      'to 192.0.2.77 tcp 3306: neither edge1 nor edge2 has a mapping or a virtual IP of 192.0.2.77, and no server has it',
    );
    const one = failing(() => expect(documented()).toExpose('https on 192.0.2.77'));
    expect(one).toContain('edge1 has no mapping or virtual IP of 192.0.2.77, and no server has it');
  });

  it.each([
    ['tcp 443', 'is not read'],
    ['tcp 443 on everywhere', 'is no address'],
    ['htps on 203.0.113.10', 'is no service'],
    ['tcp 443 on 203.0.113.10 from the office', 'is no address'],
  ])('%s: a mistake in the test fails with and without `not`', (text, said) => {
    expect(() => expect(stack).toExpose(text)).toThrow(said);
    expect(() => expect(stack).not.toExpose(text)).toThrow(said);
  });

  it.each([
    [{ to: '203.0.113.10', service: 'ssh', form: '10.0.0.0/28' }, 'There is no "form" here: write to, service, from.'],
    [{ service: 'ssh' }, 'to: write an address ("203.0.113.10") or a list of them.'],
    [{ to: [] }, 'to: write an address ("203.0.113.10") or a list of them.'],
    [
      { to: '203.0.113.10', service: [] },
      'service: write a name ("https"), a port with its protocol ("8443/tcp"), or a list of them.',
    ],
    [
      { to: '203.0.113.10', service: 8443 },
      'service: write a name ("https"), a port with its protocol ("8443/tcp"), or a list of them.',
    ],
    [{ to: '203.0.113.10', from: [] }, 'from: write "anywhere", an address or prefix, or a list of them.'],
  ])('%j: an ambiguous question fails with and without `not`', (wanted, said) => {
    for (const ask of [
      () => expect(stack).toExpose(wanted as never),
      () => expect(stack).not.toExpose(wanted as never),
      () => expect(stack).toExposeNothingElse(['everything on 203.0.113.10', wanted as never]),
    ])
      expect(ask).toThrow(new TypeError(said));
  });

  it('ICMP errors and the ICMP that IPv6 needs open nothing, except an echo', () => {
    const [quiet, answering] = (['quiet', 'answering'] as const).map((id) => {
      const six = stackOf(id);
      const profile = new api.CpanelFirewallProfile(six, 'own', {
        ...profileProps,
        ...(id === 'quiet' ? {} : { ping: 'anywhere' }),
      });
      new api.CpanelServer(six, 'mail1', { ...serverProps(profile), addresses: ['10.0.0.10/24', '2001:db8::10/64'] });
      return six;
    });
    const meant = ['tcp 25,443 on 10.0.0.10, 2001:db8::10', 'tcp 22 on 10.0.0.10 from 10.0.0.0/28'];
    expect(quiet).toExposeNothingElse(meant);
    expect(failing(() => expect(quiet).toExposeNothingElse(meant.slice(1)))).not.toContain('icmp');
    expect(failing(() => expect(answering).toExposeNothingElse(meant))).toMatch(
      /beyond it:\n( .*\n)* .*2001:db8::10 icmpv6 echo-request/,
    );
  });

  it('without anything else passes', () => {
    expect(() => expect('stack').toExpose('tcp 443 on 203.0.113.10')).toThrow(
      'asked of a stack, of a construct in one, or of an App',
    );
  });
});
