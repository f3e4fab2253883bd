// Finds jumps between chains that the firewall refuses to load: loops, and chains that are nested deeper than the
// limit.
import { listJumpTargets, LoweredChain } from './ruleset-model';

interface InvalidJump {
  readonly code: 'jump-loop' | 'too-deep';
  readonly line: number;
  readonly what: string;
}

/**
 * Returns the places where chains lead back to themselves, and where jumps go deeper than `maxDepth`. `line`: the line
 * for chains that no rule jumps to.
 */
export function findInvalidJumps(
  chains: Iterable<LoweredChain>,
  maxDepth: number,
  line: number,
): readonly InvalidJump[] {
  const invalid: InvalidJump[] = [];
  const depths = new Map<LoweredChain, number | 'open'>();
  const measureDepth = (chain: LoweredChain, callerLine: number, level: number): number => {
    if (level > maxDepth + 1) return 0;
    const knownDepth = depths.get(chain);
    if (knownDepth === 'open') {
      invalid.push({ code: 'jump-loop', line: callerLine, what: `${chain.label} leads back to itself.` });
      return 0;
    }
    if (knownDepth !== undefined) return knownDepth;
    depths.set(chain, 'open');
    let deepest = 0;
    for (const rule of chain.rules) {
      for (const next of listJumpTargets(rule.action))
        deepest = Math.max(deepest, 1 + measureDepth(next, rule.line, level + 1));
      if (deepest > maxDepth) {
        invalid.push({ code: 'too-deep', line: rule.line, what: `jumps go deeper than ${maxDepth} chains.` });
        break;
      }
    }
    depths.set(chain, deepest);
    return deepest;
  };
  for (const chain of chains) measureDepth(chain, line, 0);
  return invalid;
}
