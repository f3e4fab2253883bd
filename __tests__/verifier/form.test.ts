// Tests faults of a generated text that the check of packets can't show: it changes objects of others, leaves former
// rules, or announces other addresses.

import {
  Verification,
  listVerificationProblems,
  verifyPolicy,
  verifyGenerated,
} from '../../lib/verifier/verify-policy';
import { GeneratedConfig } from '../../lib/generate/config-generator';
import { caseWish, compiled } from '../support';

const of = (platform: 'nftables' | 'pfsense'): Verification =>
  verifyPolicy(compiled(caseWish('guide/mail-server'), platform).policies[0]!);
const [nftables, pfsense] = [of('nftables'), of('pfsense')];

/** The faults after one part of the text was changed. */
function faults({ policy, generated }: Verification, from: string | RegExp, to: string): string {
  expect(generated.text).toMatch(from);
  return printFaults({ ...generated, text: generated.text.replace(from, to) }, policy);
}

const printFaults = (written: GeneratedConfig, policy: Verification['policy']): string =>
  verifyGenerated(policy, written)
    .faults.map(({ kind, text }) => `${kind}: ${text}`)
    .join('\n');

it('finds nothing in the generated text', () => {
  for (const { faults: found } of [nftables, pfsense]) expect(found).toEqual([]);
});

it('sees that the rules of the last release would stay', () => {
  expect(faults(nftables, /^delete table .*\n/m, '')).toBe(
    'adds: what a device has in table inet cpanel_edge_hosting_gw would stay, beside the new rules',
  );
});

it.each([
  ["another program's table", 'table inet filter {\n}\n', 'touches: it changes what is not its own: table inet filter'],
  ['everything', 'flush ruleset\n', 'touches: it changes what is not its own: every table'],
])('sees that %s would be changed', (_, before, expected) => {
  expect(faults(nftables, /^/, before)).toContain(expected);
});

it.each(['dstnat', 'srcnat'])('sees that translations would come after others: %s', (place) => {
  expect(faults(nftables, `${place} - 10`, `${place} + 10`)).toMatch(
    /^yields: others' translations may come before those of line \d+$/,
  );
});

describe.each([
  ['a virtual IP on another interface', (line: string) => line.replace('wan', 'lan')],
  ['a virtual IP of another kind', (line: string) => line.replace('alias', 'routed')],
  ['a virtual IP of another length', (line: string) => line.replace(/\/\d+/, '/8')],
])('%s', (_, change) => {
  it.each([
    ['nftables', nftables],
    ['pfsense', pfsense],
  ])('is noticed on %s', (__, { policy, generated }) => {
    const addresses = generated.addresses.map((line) => {
      const [kind, address, name] = change(`${line.kind} ${line.address} ${line.interface}`).split(' ') as [
        never,
        string,
        string,
      ];
      return { kind, address, interface: name };
    });
    const printed = printFaults({ ...generated, addresses }, policy);
    expect(printed).toMatch(/^announces: nothing would announce alias 203\.0\.113\.10\/24 on wan0$/m);
    expect(printed).toMatch(/^announces: it would announce .*, which nothing asks for$/m);
  });
});

it.each([
  ['kind', '<mode>ipalias</mode>', '<mode>other</mode>'],
  ['length', '<subnet_bits>24</subnet_bits>\n\t\t\t<type>single', '<subnet_bits>32</subnet_bits>\n\t\t\t<type>single'],
  ['address', '<subnet>203.0.113.10</subnet>', '<subnet>203.0.113.11</subnet>'],
])("sees another %s of a virtual IP in a box's configuration", (_, from, to) => {
  expect(faults(pfsense, from, to)).toMatch(
    /^announces: nothing would announce ip-alias 203\.0\.113\.10\/24 on wan0$/m,
  );
});

it('reports faults as problems, which refuse', () => {
  const { policy, generated } = nftables;
  const codes = listVerificationProblems(verifyGenerated(policy, { ...generated, addresses: [] })).map(
    ({ code }) => code,
  );
  expect(codes).toEqual(['proving/announces']);
});
