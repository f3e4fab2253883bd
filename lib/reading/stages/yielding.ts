import { DNAT, SNAT } from './hooks';
import { Understood, UnderstoodChain, chainsOf } from './model';

/**
 * Chains whose translations come no earlier than where others have theirs: of two with one priority the one that was loaded last is asked
 * first, and the first that translates decides.
 */
export const yielding = ({ bases }: Understood): readonly number[] =>
  bases
    .filter(({ type, hook, priority }) => type === 'nat' && priority >= (hook === 'prerouting' || hook === 'output' ? DNAT : SNAT))
    .filter(({ chain }) => translates(chain, new Set()))
    .map(({ line }) => line);

function translates(chain: UnderstoodChain, seen: Set<UnderstoodChain>): boolean {
  if (seen.has(chain)) return false;
  seen.add(chain);
  return chain.rules.some(({ end }) => {
    if (!end || end.is === 'opaque') return false;
    if (end.is === 'verdict' || end.is === 'choose') return chainsOf(end).some((one) => translates(one, seen));
    return true;
  });
}
