import { answerTo } from '../replies';
import { Context } from '../context';
import { UNKNOWN_MARKS } from '../marks';
import { BaseChain } from '../model';
import { BELOW, isMet } from '../on-device';
import { TOO_MANY } from '../outcomes';
import { TAGGED, passesTagged } from '../vlan-tags';
import { ANOTHER_WAY_OUT, CHOSEN_PORT, UNKNOWN_SOURCE, WITHOUT_STATE } from '../egress';
import { Ending, keyOf } from './chain';
import { Journey } from './journey';
import { filtersAt, natsAt } from './order';
import { settledIn } from './settled';
import { Marking } from './marking';
import { comparesSets, variants } from './variants';

/** What filters say to a packet on its way. */
export class Filters {
  private readonly marking: Marking;

  constructor(private readonly journey: Journey) {
    this.marking = new Marking(journey);
  }

  filter(hook: string, from: number, to: number): void {
    for (const group of filtersAt(this.journey.bases, hook, from, to, this.journey.context))
      this.group(group, group[0]!.priority === from || group[0]!.priority === to);
  }

  /** Behind a translation of the source: how these leave marks is not followed. */
  late(hook: string, from: number): void {
    const { journey } = this;
    const groups = filtersAt(journey.bases, hook, from, Infinity, journey.context);
    this.filter(hook, from, Infinity);
    journey.context = { ...journey.context, marks: this.marking.perhaps(groups.flat()) };
  }

  private group(group: readonly BaseChain[], unordered: boolean): void {
    const { journey } = this;
    const { during, behind } = this.marking.passed(group, unordered);
    journey.context = { ...journey.context, ...during };
    this.together(group, unordered);
    journey.context = { ...journey.context, ...behind };
  }

  /** Of chains with one priority any may be first: the worst is. */
  private together(group: readonly BaseChain[], unordered: boolean): void {
    const alike = group.map((base) => ({ base, endings: this.endingsOf(base) }));
    const changes = ({ endings }: { readonly endings: readonly Ending[] }): boolean =>
      endings.some(({ is }) => is === 'altered');
    for (const { base, endings } of [...alike.filter(changes), ...alike.filter((one) => !changes(one))])
      this.word(base, endings, unordered);
  }

  /** What a chain may say, of every source that it may have by now where the box chose one. */
  private endingsOf(base: BaseChain): readonly Ending[] {
    const { journey } = this;
    if (journey.hidden === 'nothing' || (journey.hidden === 'port' && !comparesSets(base)))
      return journey.walk(base, 'filter');
    const some =
      journey.hidden === 'port' ? [journey.packet] : variants(base, journey.packet, 'source', journey.surroundings);
    const each = some?.map((one) => variants(base, one, 'sourcePort', journey.surroundings));
    const asked = journey.hidden === 'port' ? CHOSEN_PORT : UNKNOWN_SOURCE;
    if (!each || each.includes(undefined)) return [{ is: 'unknown', because: asked }];
    const endings = new Map<string, Ending>();
    for (const packet of each.flatMap((one) => one ?? []))
      for (const ending of journey.walk(base, 'filter', {}, packet))
        endings.set(keyOf(ending), { ...ending, because: ending.because || asked });
    return [...endings.values()];
  }

  private word(base: BaseChain, endings: readonly Ending[], unordered: boolean): void {
    const { journey } = this;
    const change = endings.find(({ is }) => is === 'altered');
    if (change) {
      journey.doubt ||= change.because;
      if (journey.denied === '') journey.rewritten();
      return;
    }
    const parts = endings.some(({ is }) => is === 'pass');
    const only = parts ? journey.guess(endings, endings) : endings[0];
    if (!only) journey.doubt ||= TOO_MANY;
    else if ((endings.length > 1 && !parts) || only.is === 'unknown')
      journey.doubt ||=
        endings.find(({ is }) => is === 'unknown')?.because ??
        endings.find(({ because }) => because !== '')?.because ??
        'a rule may match or not';
    else if (only.is === 'accept') journey.note(only, base);
    else if (only.is === 'pass') this.pass(only, base);
    else if (!unordered && isMet(base, journey.context) === 'perhaps') journey.doubt ||= `line ${base.line}: ${BELOW}`;
    else if (journey.context.anyShape && passesTagged(base)) journey.doubt ||= TAGGED;
    else if (unordered)
      journey.doubt ||= `line ${base.line}: another part of the hook has priority ${base.priority}, either may be first`;
    else
      journey.deny(
        only.rule ? `line ${only.rule.line} ${journey.ruleset.box.words.drop} it` : only.because,
        only.rule,
        settledIn(base, only),
      );
  }

  private pass(ending: Ending, base: BaseChain): void {
    const { journey } = this;
    const { state, out } = ending.pass!;
    const goesOut = base.hook === 'postrouting';
    journey.note(ending, base);
    if (!state && journey.isNew && !this.isAnswered(goesOut ? 'in' : 'out')) journey.doubt ||= WITHOUT_STATE;
    if (out === undefined) return;
    if (!goesOut) journey.out = out;
    else if (out !== journey.context.oif) journey.doubt ||= ANOTHER_WAY_OUT;
  }

  /** Whether the first answer surely passes the interface, untranslated. */
  private isAnswered(way: 'in' | 'out'): boolean {
    const { journey } = this;
    const answer = answerTo(journey.packet);
    const { answering } = journey.ruleset;
    if (!answering || !answer) return true;
    const name = way === 'in' ? journey.context.oif : journey.context.iif;
    const at: Context = {
      ...journey.context,
      iif: name,
      oif: name,
      phase: 'first',
      ct: 'tracked',
      dnat: false,
      snat: false,
      portFree: false,
    };
    const packet = { ...answer, originalDestination: answer.destination, originalPort: answer.port };
    const hook = way === 'in' ? 'prerouting' : 'postrouting';
    const passes = (base: BaseChain, asked: 'filter' | 'nat'): boolean =>
      journey.walk(base, asked, at, packet).every(({ is }) => is === 'accept');
    return (
      filtersAt(answering, hook, -Infinity, Infinity, at).every((group) =>
        group.every((base) => passes(base, 'filter')),
      ) && natsAt(answering, hook, at).every((group) => group.every((base) => passes(base, 'nat')))
    );
  }

  bridged(hooks: readonly string[]): void {
    const { journey } = this;
    for (const base of journey.bases) {
      if (base.family !== 'bridge' || !hooks.includes(base.hook)) continue;
      const at = {
        iif: undefined,
        oif: undefined,
        ct: 'unclear',
        dnat: false,
        snat: 'unclear',
        own: false,
        marks: UNKNOWN_MARKS,
      } as const;
      const untracked = journey
        .walk(base, 'left', { ...at, ct: 'none' })
        .some(({ as }) => as !== undefined && as.ct !== 'none');
      const endings = journey.walk(base, 'filter', at);
      if (untracked || endings.some(({ is }) => is !== 'accept'))
        journey.doubt ||= `line ${base.line}: a bridge chain may see it`;
      if ((untracked || endings.some(({ is }) => is === 'altered')) && journey.denied === '') journey.rewritten();
    }
  }
}
