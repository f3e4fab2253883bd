import { Phase } from '../../../exposure/phase';
import { Device, Vantage, wayOut } from '../../../net/device';
import { Packet } from '../../../net/packet';
import { Explanation, Settled } from '../../reader';
import { Context } from '../context';
import { DNAT, SNAT } from '../hooks';
import { EXPECTED } from '../facts';
import { Surroundings } from '../surroundings';
import { Ending, Walk } from './trace-chain';
import { isLeftAlone } from './trace-match';
import { filtersAt, natsAt } from './trace-order';
import { isSent } from './trace-sender';
import { Passing, settledIn } from './trace-settled';
import { leavingAfter } from './trace-untracked';
import { translated } from './trace-translate';
import { BaseChain, Understood, UnderstoodRule } from '../model';
import { CONNTRACK, isOrdered, seenAs, untracksLate } from '../untracking';

/** What becomes of one packet, by walking the rules one after another; the sets have no part in it. */
export function trace(ruleset: Understood, device: Device, vantage: Vantage, packet: Packet, phase: Phase): Explanation {
  return new Trace(ruleset, new Surroundings(device), vantage, packet, phase).run();
}

class Trace {
  private readonly bases: readonly BaseChain[];
  private readonly lines: UnderstoodRule[] = [];
  private packet: Required<Packet>;
  private context: Context;
  private doubt = '';
  private denied = '';
  private deniedBy: Settled = {};
  private readonly passing: Passing;
  /** It was rewritten to something unknown: no later rule can be sure of it. */
  private unsure = false;

  constructor(
    private readonly ruleset: Understood,
    private readonly surroundings: Surroundings,
    private readonly vantage: Vantage,
    packet: Packet,
    phase: Phase,
  ) {
    this.passing = new Passing(ruleset.dormant);
    this.bases = [...ruleset.bases].sort((a, b) => a.priority - b.priority);
    this.packet = {
      ...packet,
      originalDestination: packet.originalDestination ?? packet.destination,
      originalPort: packet.originalPort ?? packet.port,
    };
    const own = vantage.kind !== 'interface';
    this.context = { hook: '', iif: own ? '' : vantage.name, oif: own ? '?' : '', phase, ct: 'none', dnat: false, snat: false, own };
  }

  run(): Explanation {
    if (this.context.phase !== 'first' && isLeftAlone(this.packet))
      this.deny('connection tracking leaves it alone: each is a first packet');
    else if (this.vantage.kind === 'interface') this.arrive(this.vantage.name);
    else this.leaveOwn();
    if (this.context.phase === 'related' && this.ruleset.facts.helpers && ![1, 58].includes(this.packet.protocol)) this.doubt ||= EXPECTED;
    const verdict = this.denied !== '' ? 'denied' : this.doubt !== '' ? 'unknown' : 'allowed';
    const lines = this.lines.map(({ line, text }) => ({ number: line, text }));
    const settledBy = verdict === 'denied' ? [this.deniedBy] : verdict === 'unknown' ? [] : this.passing.settledBy;
    return { verdict, lines, because: this.denied || this.doubt || this.passing.because, settledBy, leaves: this.packet };
  }

  private arrive(iif: string): void {
    this.early('ingress', Infinity);
    this.bridged();
    this.firstHook('prerouting');
    this.filter('prerouting', DNAT, Infinity);
    if (this.surroundings.arrives(this.packet.destination)) return this.lastHook('input');
    const way = this.surroundings.towards(this.packet.destination) ?? wayOut(this.surroundings.device, this.vantage);
    if (!this.surroundings.device.forwarding) return this.deny('the device does not forward');
    if (way === undefined) return this.deny('the device has no way there');
    this.context = { ...this.context, iif, oif: way };
    this.filter('forward', -Infinity, Infinity);
    this.out();
  }

  private leaveOwn(): void {
    const { device } = this.surroundings;
    if (!isSent(this.vantage, this.packet, this.surroundings)) return this.deny('no process of the device sends that');
    const fallback = wayOut(device, this.vantage) ?? (device.interfaces.length === 1 ? device.interfaces[0]!.name : undefined);
    const towards = (): string | undefined => this.surroundings.towards(this.packet.destination) ?? fallback;
    const first = towards();
    if (first === undefined) return this.deny('the device has no way there');
    this.context = { ...this.context, oif: first === 'local' ? 'lo' : first };
    this.firstHook('output');
    this.filter('output', DNAT, Infinity);
    const way = towards();
    if (way === undefined) return this.deny('the device has no way there');
    this.context = { ...this.context, oif: way === 'local' ? 'lo' : way };
    this.out();
    if (way !== 'local') return;
    this.context = { ...this.context, iif: 'lo', oif: '' };
    this.filter('prerouting', -Infinity, Infinity);
    this.filter('input', -Infinity, Infinity);
  }

  private out(): void {
    this.lastHook('postrouting');
    if (this.denied === '' && this.bases.some((base) => base.hook === 'egress' && base.devices.includes(this.context.oif ?? ''))) {
      const endings = this.bases
        .filter(({ hook, devices }) => hook === 'egress' && devices.includes(this.context.oif ?? ''))
        .flatMap((base) => this.walk(base, 'filter', { ct: 'unclear' }));
      if (endings.some(({ is }) => is !== 'accept')) this.doubt ||= 'an egress chain may see it';
    }
  }

  private firstHook(hook: 'prerouting' | 'output'): void {
    this.early(hook, CONNTRACK);
    const { ct, phase } = this.context;
    this.context = { ...this.context, ct: seenAs(ct, phase, untracksLate(this.bases, hook)) };
    this.filter(hook, CONNTRACK, DNAT);
    this.nat(hook);
  }

  /** Before connection tracking, what rules take out of it counts for all that come later. */
  private early(hook: string, until: number): void {
    for (const group of filtersAt(this.bases, hook, -Infinity, until, this.context.iif)) {
      const { ct } = this.context;
      const words = group.filter(({ untracks }) => untracks).map((base) => this.walk(base, 'notrack', { ct: 'none' }));
      const maybeLate = hook !== 'ingress' && group[0]!.priority === CONNTRACK;
      this.context = { ...this.context, ct: isOrdered(group) ? ct : leavingAfter(ct, words, 'leaving') };
      this.together(group, maybeLate);
      this.context = { ...this.context, ct: leavingAfter(ct, words, maybeLate ? 'leaving' : 'untracked') };
    }
  }

  private lastHook(hook: 'input' | 'postrouting'): void {
    this.filter(hook, -Infinity, SNAT);
    this.nat(hook);
    this.filter(hook, SNAT, Infinity);
  }

  private walk(base: BaseChain, asked: 'filter' | 'nat' | 'notrack', context: Partial<Context> = {}): readonly Ending[] {
    const sight = {
      packet: this.packet,
      context: { ...this.context, ...context, hook: base.hook },
      surroundings: this.surroundings,
      facts: this.ruleset.facts,
    };
    return new Walk(sight, asked).base(base);
  }

  private filter(hook: string, from: number, to: number): void {
    for (const group of filtersAt(this.bases, hook, from, to, this.context.iif))
      this.together(group, group[0]!.priority === from || group[0]!.priority === to);
  }

  /** Of chains with one priority any may be first: the worst is. */
  private together(group: readonly BaseChain[], unordered: boolean): void {
    const alike = group.map((base) => ({ base, endings: this.walk(base, 'filter') }));
    const changes = ({ endings }: { readonly endings: readonly Ending[] }): boolean => endings.some(({ is }) => is === 'altered');
    for (const { base, endings } of [...alike.filter(changes), ...alike.filter((one) => !changes(one))])
      this.word(base, endings, unordered);
  }

  private word(base: BaseChain, endings: readonly Ending[], unordered: boolean): void {
    const change = endings.find(({ is }) => is === 'altered');
    if (change) {
      this.doubt ||= change.because;
      if (this.denied === '') this.unsure = true;
      return;
    }
    const [only] = endings;
    if (endings.length > 1 || only!.is === 'unknown')
      this.doubt ||=
        endings.find(({ is }) => is === 'unknown')?.because ??
        endings.find(({ because }) => because !== '')?.because ??
        'a rule may match or not';
    else if (only!.is === 'accept') this.note(only!, base);
    else if (unordered) this.doubt ||= `line ${base.line}: another part of the hook has priority ${base.priority}, either may be first`;
    else this.deny(only!.rule ? `line ${only!.rule.line} drops it` : only!.because, only!.rule, settledIn(base, only!));
  }

  private bridged(): void {
    for (const base of this.bases) {
      if (base.family !== 'bridge') continue;
      const at = { iif: undefined, oif: undefined, ct: 'unclear', dnat: false, snat: 'unclear', own: false } as const;
      const untracked = this.walk(base, 'notrack', at).some(({ is }) => is !== 'accept');
      const endings = this.walk(base, 'filter', at);
      if (untracked || endings.some(({ is }) => is !== 'accept')) this.doubt ||= `line ${base.line}: a bridge chain may see it`;
      if ((untracked || endings.some(({ is }) => is === 'altered')) && this.denied === '') this.unsure = true;
    }
  }

  /** All nat chains in turn; of chains with one priority either may be first. */
  private nat(hook: string): void {
    const { ct, phase } = this.context;
    if (ct === 'untracked' || ct === 'none' || phase === 'stray' || isLeftAlone(this.packet) || this.denied !== '') return;
    for (const group of natsAt(this.bases, hook)) {
      const found: Ending[] = [];
      for (const base of group) {
        const endings = this.walk(base, 'nat', { phase: 'first' });
        if (endings.length === 1 && endings[0]!.is === 'accept') continue;
        found.push(endings.length === 1 ? endings[0]! : { is: 'unknown', because: 'a translation may match or not' });
      }
      if (found.length > 0) return this.translate(hook, found);
    }
  }

  private translate(hook: string, found: readonly Ending[]): void {
    const results = found.map((ending) => translated(ending, this.packet, hook, this.context, this.surroundings));
    // Of a session only the first packet asks nat chains.
    if (this.context.phase !== 'first' && results.every(({ is }) => is === 'drop')) return;
    const [first] = results;
    const doubt = this.context.ct === 'unclear' ? 'it may not be tracked' : results.find(({ is }) => is === 'unknown');
    if (doubt || !first || results.some((one) => JSON.stringify(one, plain) !== JSON.stringify(first, plain))) {
      // What comes after an unknown translation is guessed for a packet that may not be.
      if (!this.unsure)
        this.doubt = typeof doubt === 'object' && doubt.is === 'unknown' ? doubt.because : 'either of two translations may be first';
      this.unsure = true;
      return;
    }
    for (const { rule } of found) if (rule) this.lines.push(rule);
    if (first.is === 'drop') return this.deny('a nat chain drops it');
    if (first.is !== 'packet') return;
    const changed = first.packet.destination !== this.packet.destination || first.packet.port !== this.packet.port;
    const isSource = hook === 'input' || hook === 'postrouting';
    const moved = first.packet.source !== this.packet.source;
    this.context = isSource
      ? { ...this.context, snat: first.unclear || (first.portFree && !moved) ? 'unclear' : moved, portFree: first.portFree }
      : { ...this.context, dnat: changed };
    if (first.unclear) this.unsure = true;
    this.packet = first.packet;
  }

  private note(ending: Ending, base: BaseChain): void {
    if (ending.rule) this.lines.push(ending.rule);
    this.passing.add(base, ending);
  }

  private deny(because: string, rule?: UnderstoodRule, settled: Settled = { words: because }): void {
    if (this.denied !== '') return;
    if (this.unsure) {
      this.doubt ||= because;
      return;
    }
    this.denied = because;
    this.deniedBy = settled;
    if (rule) this.lines.push(rule);
  }
}

const plain = (_: string, part: unknown): unknown => (typeof part === 'bigint' ? `${part}n` : part);
