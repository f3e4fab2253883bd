// usage: prove-single.js INTENT TEXT: a text with one rule for each port, as others write it, compared with what the intent asks for.
import { readFileSync } from 'node:fs';
import { meaningOf } from '../../lib/spec/meaning';
import { platformOf } from '../../lib/verifier/prove';
import { differences } from '../../lib/verifier/compare';
import { Reading } from '../../lib/parse/reader';
import { allowWork } from '../../lib/net/work';
import { compiled } from './compiled';

// As CPANEL_EDGE_WORK=100 does.
allowWork(100);
const [intent, text] = process.argv.slice(2) as [string, string];
const policy = compiled(intent);
const device = { interfaces: policy.interfaces, localAddresses: [], forwarding: true };
const { reader } = platformOf(policy);
const [reading, rest] = [readFileSync(text, 'utf8'), ''].map((one) => reader.read(one, device)) as [Reading, Reading];
const found = differences({ expected: meaningOf(policy), reading, besides: { whole: reading, rest }, device });
// It has no hairpin, and closes more than a release may; new connections from outside must be exactly what was asked for.
const outside = found.filter(
  ({ vantage, phase, beside }) =>
    vantage.kind === 'interface' && vantage.name === 'wan' && phase === 'first' && !beside,
);
if (outside.length > 0) throw new Error(outside.map((difference) => difference.text.slice(0, 400)).join('\n'));
