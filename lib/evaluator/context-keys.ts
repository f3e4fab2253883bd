import { Context } from './context';
import { Fact, Field } from './fields';
import { chainsOf, fieldsOf, LoweredChain, LoweredRule } from './model';

/** What tells the values of a fact apart: tracking and phase, translation, hook, whose packet it is, marks, its shape. */
const FACTS: Readonly<Record<Fact, string>> = {
  state: 't',
  status: 'tnhiw',
  direction: 't',
  mark: 'm',
  'ct mark': 'm',
  'tcp flags': 'tahw',
  part: 'ahw',
  'part of six': 'ahw',
  'packet type': 'ahw',
  room: 'a',
  four: '',
  six: '',
};

/** What of a context the rules of a chain look at, so that a chain is computed once for contexts that it can't tell apart. */
export class ContextKeys {
  private readonly known = new Map<LoweredChain, string>();

  /** The part of a context that a chain can tell apart. */
  contextFor(chain: LoweredChain, context: Context): string {
    const looks = this.looksOf(chain);
    const of = (sign: string, part: string | undefined): string => (looks.includes(sign) ? (part ?? '?') : '');
    const {
      iif,
      oif,
      hook,
      ct,
      phase,
      dnat,
      snat,
      own,
      portFree = false,
      marks,
      anyShape = false,
      inParts = false,
    } = context;
    return `${of('i', iif)}|${of('o', oif)}|${of('h', inParts ? `${hook} in parts` : hook)}|${of('t', `${ct} ${phase}`)}|${of('n', `${dnat} ${snat}`)}|${of('w', `${own}`)}|${of('p', `${portFree}`)}|${of('m', marks.key)}|${of('a', `${anyShape}`)}`;
  }

  private looksOf(chain: LoweredChain): string {
    const known = this.known.get(chain);
    if (known !== undefined) return known;
    const all = new Set<string>(chain.leads || chain.sets ? 'mt' : '');
    for (const rule of chain.rules) {
      for (const { looksAt, tracked, session, link, first } of fieldsOf(rule)) {
        if (looksAt.is === 'interface') all.add(looksAt.side === 'in' ? 'i' : 'o');
        if (looksAt.is === 'returns') all.add('i').add('h');
        if (link || (looksAt.is === 'routed' && looksAt.here)) all.add('i');
        if (first) all.add('a');
        if (tracked) all.add('t');
        if (session) all.add('n').add('h').add('p');
        if (looksAt.is === 'number' && looksAt.axis === 'sourcePort') all.add('p');
        if (looksAt.is === 'fact') for (const one of FACTS[looksAt.fact]) all.add(one);
      }
      for (const next of chainsOf(rule.end)) for (const one of this.looksOf(next)) all.add(one);
    }
    const looks = [...all].join('');
    this.known.set(chain, looks);
    return looks;
  }
}

/** Nothing of the packet's header decides whether it matches. */
export const isHeaderless = ({ conditions, end }: LoweredRule): boolean =>
  conditions.every((one) => one.is === 'fact' || (one.is === 'member' && one.fields.every(isContext))) &&
  (end?.is === 'verdict' || (end?.is === 'choose' && end.fields.every(isContext)));
const isContext = ({ looksAt }: Field): boolean => looksAt.is === 'fact' || looksAt.is === 'interface';
