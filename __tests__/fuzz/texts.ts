// Sample rulesets with their devices, which the fuzz targets change.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Device } from '../../lib/net/device';
import { Policy } from '../../lib/policy/policy';
import { platforms } from '../../lib/registry';
import { deriveDevice } from '../../lib/verifier/verify-policy';
import { caseFile, caseNames, compiled } from '../support';
import type { Wish } from '../support';
import { TAMPERED_DEVICES } from '../platforms/nftables/tampered/devices';
import { Edit, NFT_EDITS } from '../platforms/nftables/tampered/edits';
import { WILD_DEVICES } from '../platforms/nftables/wild/devices';

/** A ruleset with its device. */
export interface Sample {
  readonly name: string;
  readonly text: string;
  readonly device: Device;
}

const wild = (): readonly Sample[] =>
  Object.entries(WILD_DEVICES).map(([name, device]) => ({
    name: `wild/${name}`,
    text: readFileSync(join(__dirname, '../platforms/nftables/wild', `${name}.nft`), 'utf8'),
    device,
  }));

/** The two texts that are edited, unchanged and with each edit. */
function tampered(): readonly Sample[] {
  const bases = (Object.keys(TAMPERED_DEVICES) as Edit['base'][]).map(
    (name) => [name, name, NFT_EDITS.baseText(name)] as const,
  );
  const edits = NFT_EDITS.names.map(
    (name) => [name, NFT_EDITS.named(name).base, NFT_EDITS.edited(NFT_EDITS.named(name))] as const,
  );
  return [...bases, ...edits].map(([name, base, text]) => ({
    name: `tampered/${name}`,
    text,
    device: TAMPERED_DEVICES[base],
  }));
}

/** The policies of all cases. */
export const policySamples = (): readonly Policy[] =>
  caseNames().flatMap((name) => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- an intent is found by its folder
    const { wish } = require(caseFile(name, 'intent.ts').replace(/\.ts$/, '')) as { wish: Wish };
    const { policies, problems } = compiled(wish, 'nftables');
    return problems.length > 0 ? [] : policies;
  });

/** The generated text of each policy. */
const written = (): readonly Sample[] =>
  policySamples().flatMap((policy, index): readonly Sample[] => {
    try {
      const generated = platforms.nftables.generator.write(policy);
      const device = deriveDevice(policy, generated);
      return [{ name: `policy ${index} of the cases, ${policy.device}`, text: generated.text, device }];
    } catch {
      // A case that the platform refuses has no text.
      return [];
    }
  });

export const samples = (): readonly Sample[] => [...wild(), ...tampered(), ...written()];
