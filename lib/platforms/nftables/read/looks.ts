import { Context } from './context';
import { chainsOf } from './understand';
import { UnderstoodChain } from './understood';

/** What of a context the rules of a chain look at, so that a chain is computed once for contexts that it can't tell apart. */
export class Looks {
  private readonly known = new Map<UnderstoodChain, string>();

  /** The part of a context that a chain can tell apart. */
  contextFor(chain: UnderstoodChain, context: Context): string {
    const looks = this.looksOf(chain);
    return `${looks.includes('i') ? (context.iif ?? '?') : ''}|${looks.includes('o') ? (context.oif ?? '?') : ''}|${
      looks.includes('h') ? context.hook : ''
    }|${looks.includes('c') ? `${context.ct}${context.dnat}${context.snat}${context.own}` : ''}`;
  }

  private looksOf(chain: UnderstoodChain): string {
    const known = this.known.get(chain);
    if (known !== undefined) return known;
    const all = new Set<string>();
    for (const { conditions, end } of chain.rules) {
      const fields = conditions.flatMap((one) => (one.is === 'member' ? one.fields : one.field ? [one.field] : []));
      for (const { looksAt, tracked } of end?.is === 'choose' || end?.is === 'look up' ? [...fields, ...end.fields] : fields) {
        if (looksAt.is === 'interface') all.add(looksAt.side === 'in' ? 'i' : 'o');
        if (looksAt.is === 'returns') all.add('i').add('h');
        if (looksAt.is === 'fact' || tracked) all.add('c');
      }
      for (const next of chainsOf(end)) for (const one of this.looksOf(next)) all.add(one);
    }
    const looks = [...all].join('');
    this.known.set(chain, looks);
    return looks;
  }
}
