// Builds a cache key from the parts of a packet's context that a chain tests (connection state, hook, interface, mark),
// so that a chain is evaluated once for contexts that it can't tell apart.
import { PacketContext } from './packet-context';
import { PacketFact, PacketField } from './packet-fields';
import { listJumpTargets, listFields, LoweredChain, LoweredRule } from './ruleset-model';

/**
 * The parts of a context that tell the values of a fact apart: tracking and phase (t), translation (n), hook (h),
 * incoming interface (i), own packet (w), marks (m), any shape (a).
 */
const SIGNS_BY_FACT: Readonly<Record<PacketFact, string>> = {
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

/**
 * Builds keys of the parts of a context that the rules of a chain look at, so that a chain is computed once for
 * contexts that it can't tell apart.
 */
export class ContextKeys {
  private readonly signsByChain = new Map<LoweredChain, string>();

  /** Returns the parts of a context that a chain can tell apart. */
  buildKey(chain: LoweredChain, context: PacketContext): string {
    const signs = this.listSigns(chain);
    const selectPart = (sign: string, part: string | undefined): string => (signs.includes(sign) ? (part ?? '?') : '');
    const {
      iif,
      oif,
      hook,
      ct,
      phase,
      dnat,
      snat,
      isLocal,
      hasFreeSourcePort = false,
      marks,
      anyShape = false,
      isFragmented = false,
    } = context;
    return `${selectPart('i', iif)}|${selectPart('o', oif)}|${selectPart('h', isFragmented ? `${hook} in parts` : hook)}|${selectPart('t', `${ct} ${phase}`)}|${selectPart('n', `${dnat} ${snat}`)}|${selectPart('w', `${isLocal}`)}|${selectPart('p', `${hasFreeSourcePort}`)}|${selectPart('m', marks.key)}|${selectPart('a', `${anyShape}`)}`;
  }

  private listSigns(chain: LoweredChain): string {
    const knownSigns = this.signsByChain.get(chain);
    if (knownSigns !== undefined) return knownSigns;
    const signSet = new Set<string>(chain.noReturn || chain.packetChanges ? 'mt' : '');
    for (const rule of chain.rules) {
      for (const { looksAt, tracked, session, link, first } of listFields(rule)) {
        if (looksAt.is === 'interface') signSet.add(looksAt.side === 'in' ? 'i' : 'o');
        if (looksAt.is === 'returns') signSet.add('i').add('h');
        if (link || (looksAt.is === 'routed' && looksAt.isPerInterface)) signSet.add('i');
        if (first) signSet.add('a');
        if (tracked) signSet.add('t');
        if (session) signSet.add('n').add('h').add('p');
        if (looksAt.is === 'number' && looksAt.axis === 'sourcePort') signSet.add('p');
        if (looksAt.is === 'fact') for (const sign of SIGNS_BY_FACT[looksAt.fact]) signSet.add(sign);
      }
      for (const next of listJumpTargets(rule.action)) for (const sign of this.listSigns(next)) signSet.add(sign);
    }
    const signs = [...signSet].join('');
    this.signsByChain.set(chain, signs);
    return signs;
  }
}

/** Returns whether nothing of the packet's header decides if a rule matches. */
export const isHeaderless = ({ conditions, action }: LoweredRule): boolean =>
  conditions.every(
    (condition) => condition.is === 'fact' || (condition.is === 'member' && condition.fields.every(isContextField)),
  ) &&
  (action?.is === 'verdict' || (action?.is === 'choose' && action.fields.every(isContextField)));
const isContextField = ({ looksAt }: PacketField): boolean => looksAt.is === 'fact' || looksAt.is === 'interface';
