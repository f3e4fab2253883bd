// usage: diff.js BEFORE AFTER CHANGED: parses two texts and compares their reachability. CHANGED mappings must differ.
import { readFileSync } from 'node:fs';
import { compareReachability } from '../../lib/reachability/compare-reachability';
import { toRows } from '../../lib/reachability/reachability-rows';
import { nftables } from '../../lib/platforms/nftables';
import { gateway } from '../farm';
import { policyOf } from './compiled';

const [before, after, changed] = process.argv.slice(2) as [string, string, string];
const { interfaces } = policyOf(gateway, []);
const read = (file: string) =>
  nftables.parser.read(readFileSync(file, 'utf8'), { interfaces, localAddresses: [], forwarding: true }).reachability;
const outside = compareReachability(read(before), read(after)).find(
  ({ startLocation }) => startLocation.kind === 'interface' && startLocation.name === 'wan',
);
if (outside === undefined || !outside.opened.isEmpty || !outside.undecided.isEmpty || outside.closed.isEmpty)
  throw new Error('not what was changed');
const addresses = new Set(toRows(outside.closed).flatMap(({ destinations }) => destinations.map(({ first }) => first)));
if (addresses.size < Number(changed)) throw new Error(`${addresses.size} addresses differ`);
