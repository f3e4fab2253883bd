import { chainsOf, LoweredChain } from './model';

interface WrongJump {
  readonly code: 'jump-loop' | 'too-deep';
  readonly line: number;
  readonly what: string;
}

/** Where chains lead back to themselves, and where jumps go deeper than `most`. `line`: of what nobody jumps to. */
export function wrongJumps(chains: Iterable<LoweredChain>, most: number, line: number): readonly WrongJump[] {
  const wrong: WrongJump[] = [];
  const depths = new Map<LoweredChain, number | 'open'>();
  const depth = (chain: LoweredChain, at: number, level: number): number => {
    if (level > most + 1) return 0;
    const known = depths.get(chain);
    if (known === 'open') {
      wrong.push({ code: 'jump-loop', line: at, what: `${chain.called} leads back to itself.` });
      return 0;
    }
    if (known !== undefined) return known;
    depths.set(chain, 'open');
    let deepest = 0;
    for (const rule of chain.rules) {
      for (const next of chainsOf(rule.end)) deepest = Math.max(deepest, 1 + depth(next, rule.line, level + 1));
      if (deepest > most) {
        wrong.push({ code: 'too-deep', line: rule.line, what: `jumps go deeper than ${most} chains.` });
        break;
      }
    }
    depths.set(chain, deepest);
    return deepest;
  };
  for (const chain of chains) depth(chain, line, 0);
  return wrong;
}
