import { driftOf, printDrift } from '../../driver/drift';
import { Look } from '../../driver/look';
import { assumedFacts, proveLive } from '../../driver/prove';
import { Holder } from '../../driver/synthesized';
import { Compared, Verified, verified } from '../../driver/verify';
import { MAIL, PROJECT, holdersOf, lookAt } from './doctor/samples';

export const [gateway, server] = holdersOf(MAIL) as [Holder, Holder];
export const foreign = (chain: string, kind = 'ip'): string =>
  `table ${kind} foreign {\n\tchain one {\n${chain}\n\t}\n}\n`;
export const live = (holder: Holder, change: (rules: string) => string, parts: Partial<Look> = {}): Look => {
  const held = lookAt(holder);
  return { ...held, ruleset: change(held.ruleset), ...parts };
};
export const edited = (holder: Holder): Partial<Look> => ({
  owners: [{ ...lookAt(holder).owners[0]!, rules: 'edited' }],
});
export const said = (holder: Holder, look: Look): readonly string[] =>
  driftOf(holder.release!, [], look).map(printDrift);

export const verify = (look: Look, compared: Compared): Verified =>
  verified(look, 'edge', compared, () => PROJECT, { assumed: assumedFacts, prove: proveLive });
