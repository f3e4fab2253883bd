import { familyOf } from '../../../net/address';
import { Marks, eitherMarks, perhapsMarked } from '../marked';
import { BaseChain, everyChain } from '../model';
import { Journey } from './journey';

/** How lists leave the marks of a packet on its way. */
export class Marking {
  constructor(private readonly journey: Journey) {}

  /** Of lists of one priority any may set its marks before the others are asked. */
  coming(group: readonly BaseChain[], unordered: boolean): void {
    const { journey } = this;
    const met = this.met(group);
    if (isMixed(met, unordered)) journey.context = { ...journey.context, marks: this.perhaps(met) };
  }

  behind(group: readonly BaseChain[], unordered: boolean): Marks {
    const { context, packet, ruleset } = this.journey;
    const met = this.met(group);
    const base = met.find(sets);
    if (!base || isMixed(met, unordered)) return context.marks;
    const left = this.journey
      .walk(base, 'marks')
      .map(({ is, marks }) => (is === 'accept' ? context.marks : (marks ?? this.perhaps([base]))))
      .reduce((a, b) => eitherMarks(a, b));
    const mayNotRun = base.type === 'nat' && !ruleset.facts.tracks.has(familyOf(packet.destination));
    return mayNotRun ? eitherMarks(context.marks, left) : left;
  }

  private met(group: readonly BaseChain[]): readonly BaseChain[] {
    const own = familyOf(this.journey.packet.destination);
    return group.filter(({ family }) => (family !== 'ip' && family !== 'ip6') || family === own);
  }

  /** Whatever lists do about marks, or don't. */
  perhaps(bases: readonly BaseChain[]): Marks {
    return perhapsMarked(
      this.journey.context.marks,
      [...everyChain(bases)].flatMap(({ marks = [] }) => marks),
    );
  }
}

const sets = (base: BaseChain): boolean => [...everyChain([base])].some(({ marks }) => marks !== undefined);

const isMixed = (group: readonly BaseChain[], unordered: boolean): boolean => (unordered || group.length > 1) && group.some(sets);
