// usage: prove-single.js INTENT TEXT: verifies a text with one rule for each port, as other tools write it, against the
// intent.
import { readFileSync } from 'node:fs';
import { buildSpec } from '../../lib/spec/build-spec';
import { getPlatform } from '../../lib/verifier/verify-policy';
import { findCounterexamples } from '../../lib/verifier/find-counterexamples';
import { EvaluatedConfig } from '../../lib/parse/config-parser';
import { setBudgetFactor } from '../../lib/net/step-budget';
import { compiled } from './compiled';

// This does what CPANEL_EDGE_WORK=100 does.
setBudgetFactor(100);
const [intent, text] = process.argv.slice(2) as [string, string];
const policy = compiled(intent);
const device = { interfaces: policy.interfaces, localAddresses: [], forwarding: true };
const { parser: reader } = getPlatform(policy);
const [evaluated, withoutRelease] = [readFileSync(text, 'utf8'), ''].map((one) => reader.read(one, device)) as [
  EvaluatedConfig,
  EvaluatedConfig,
];
const counterexamples = findCounterexamples({
  spec: buildSpec(policy),
  evaluated,
  comparison: { withRelease: evaluated, withoutRelease },
  device,
});
// The text has no hairpin, and closes more than a release may. Only new connections from outside must match exactly.
const outside = counterexamples.filter(
  ({ startLocation, phase, isUnmanaged }) =>
    startLocation.kind === 'interface' && startLocation.name === 'wan' && phase === 'first' && !isUnmanaged,
);
if (outside.length > 0) throw new Error(outside.map((difference) => difference.text.slice(0, 400)).join('\n'));
