// Tests single edits of nftables and iptables texts: each must change the exposure exactly as the truth by hand says.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Reachability } from '../../lib/reachability/reachability';
import { printReachability } from '../../lib/reachability/print-reachability';
import { parser as iptables } from '../../lib/platforms/iptables/parse/parser';
import { parser as nftables } from '../../lib/platforms/nftables/parse/parser';
import { TAMPERED_DEVICES } from './nftables/tampered/devices';
import { IPTABLES_EDITS, NFT_EDITS } from './nftables/tampered/edits';
import { difference } from './tampered';

const FOLDER = join(__dirname, 'nftables/tampered');

const KINDS = [
  ['nft', nftables, NFT_EDITS],
  ['iptables', iptables, IPTABLES_EDITS],
] as const;

describe.each(KINDS)('%s: the text before an edit', (_, reader, { baseText }) => {
  it.each(['gateway', 'host'] as const)('of a %s has the exposure written by hand', (base) => {
    const device = TAMPERED_DEVICES[base];
    const printed = printReachability(reader.read(baseText(base), device).reachability, device);
    expect(printed).toBe(readFileSync(join(FOLDER, `${base}.exposure.txt`), 'utf8'));
  });
});

describe.each(KINDS)('%s: one edit', (_, reader, { names, named, baseText, edited }) => {
  it('has many cases', () => expect(names.length).toBeGreaterThanOrEqual(15));

  it.each(names)('%s makes exactly the difference written by hand', (name) => {
    const edit = named(name);
    const device = TAMPERED_DEVICES[edit.base];
    const [was, will] = [baseText(edit.base), edited(edit)].map((text) => reader.read(text, device));
    const between = (...exposures: readonly [Reachability, Reachability]): string =>
      difference(...(exposures.map((one) => printReachability(one, device)) as [string, string]));
    expect(between(was!.reachability, will!.reachability)).toBe(edit.difference);
    if (edit.related !== undefined) expect(between(was!.later('related')!, will!.later('related')!)).toBe(edit.related);
  });
});
