import * as fc from 'fast-check';
import { GatewayPolicy, Mapping } from '../lib/policy/policy';
import { Refusal } from '../lib/problems/problem';
import { prove } from '../lib/proving/prove';
import { overlapping } from './overlapping-policies';
import { gateways } from './random-policies';

const VERSIONS = ['2.6.0', '2.7.2', '2.8.0', '2.9-dev'] as const;

/** As pfSense can be asked at all: reflection reaches from all inside interfaces at once, and needs consent. */
const asked = (policy: GatewayPolicy, version: string, change: (mapping: Mapping) => Mapping = (mapping) => mapping): GatewayPolicy => ({
  ...policy,
  platform: 'pfsense',
  version,
  mappings: policy.mappings
    .map(change)
    .map((mapping) =>
      mapping.reflection.mode === 'disabled'
        ? mapping
        : { ...mapping, reflection: { mode: 'pure-nat', from: ['lan0', 'lan1'], globalHelper: true } },
    ),
});

/** What the proof finds, or the codes with which it is refused. */
function found(policy: GatewayPolicy): { readonly differences: readonly string[]; readonly refused: readonly string[] } {
  try {
    return { differences: prove(policy).differences.map(({ text }) => text), refused: [] };
  } catch (error) {
    if (error instanceof Refusal) return { differences: [], refused: error.problems.map(({ code }) => code) };
    throw error;
  }
}

it('what is written for any policy reads back within what it asks for, on every version', () => {
  fc.assert(
    fc.property(gateways, fc.constantFrom(...VERSIONS), (policy, version) => {
      expect(found(asked(policy, version)).differences).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

it('what shares addresses is written as asked, or refused for that', () => {
  let written = 0;
  fc.assert(
    fc.property(overlapping, fc.constantFrom(...VERSIONS), fc.boolean(), (policy, version, alike) => {
      const [first] = policy.mappings;
      const { differences, refused } = found(
        asked(policy, version, (mapping) => (alike ? { ...mapping, inboundOnly: false, openings: first!.openings } : mapping)),
      );
      expect(differences).toEqual([]);
      if (refused.length === 0) written++;
      const sharing = ['two-inside-addresses', 'two-outside-addresses', 'openings-differ', 'inbound-only-alone', 'reflection-differs'];
      expect(sharing.map((code) => `pfsense/${code}`)).toEqual(expect.arrayContaining([...new Set(refused)]));
    }),
    { numRuns: 150 },
  );
  expect(written).toBeGreaterThan(5);
});
