// Expands dispositions and translations from one host of each equivalence class to all hosts of the class. Line numbers
// in reasons become those of the host's own rules.
import {
  Rewrite,
  Translation,
  Disposition,
  createMove,
  createTarget,
  createTranslation,
  createUnclear,
  createUnknown,
} from '../../reachability/reachability';
import { Address } from '../../net/address';
import { PacketMap } from '../../net/packet-map';
import { ClassMember, EquivalenceClasses } from '../../net/expand-classes';
import { HostClass } from './occurrences';

type ExpandedSide = 'destination' | 'source';

/** Expands results for the first host of each class to all its hosts. */
export class Expansion {
  private readonly classes: EquivalenceClasses<Address>;
  /** The host of each address, the first hosts of classes included. */
  private readonly hosts = new Map<Address, readonly Address[]>();
  /**
   * By address, the lines of the rules that name its host. `lineOfHost` finds the place of a line that names a first
   * host.
   */
  private readonly lines = new Map<Address, readonly number[]>();
  private readonly lineOfHost = new Map<number, { readonly of: readonly number[]; readonly at: number }>();

  constructor(classes: readonly HostClass[]) {
    for (const { hosts, lines } of classes) {
      for (const [i, host] of hosts.entries()) {
        for (const address of host) {
          this.hosts.set(address, host);
          if (lines[i]!.length > 0) this.lines.set(address, lines[i]!);
        }
      }
      for (const [i, line] of lines[0]!.entries()) this.lineOfHost.set(line, { of: lines[0]!, at: i });
    }
    this.classes = new EquivalenceClasses(classes.flatMap(createStands));
  }

  expandVerdicts(verdicts: PacketMap<Disposition>): PacketMap<Disposition> {
    const expandSide = (map: PacketMap<Disposition>, side: ExpandedSide): PacketMap<Disposition> => {
      if (!map.values.some((value) => value.is === 'unknown' && this.isKnownLine(value.reason, side)))
        return map.expandClasses(side, this.classes);
      return map.expandClasses(side, this.classes, (value, stand) =>
        value.is === 'unknown' ? createUnknown(this.renumberReason(value.reason, side, stand)) : value,
      );
    };
    return expandSide(expandSide(verdicts, 'source'), 'destination');
  }

  expandTranslations(translations: PacketMap<Translation>): PacketMap<Translation> {
    return this.expandSide(this.expandSide(translations, 'source'), 'destination');
  }

  private expandSide(translations: PacketMap<Translation>, side: ExpandedSide): PacketMap<Translation> {
    const differs = (value: Translation): boolean =>
      value[side].is === 'moved' || EXPANDED_SIDES.some((field) => this.hasKnownLine(value[field], side));
    if (!translations.values.some(differs)) return translations.expandClasses(side, this.classes);
    return translations.expandClasses(side, this.classes, (value, stand) => {
      const rewritten = { ...value, [side]: this.rewriteStand(value[side], stand) };
      const [destination, source] = EXPANDED_SIDES.map((field) => this.renumberRewrite(rewritten[field], side, stand));
      return destination === value.destination && source === value.source
        ? value
        : createTranslation({ ...value, destination: destination!, source: source! });
    });
  }

  /**
   * Returns the rewrite for a member. A map leads to the other address of the same host. Any other rewrite of a single
   * address leads all hosts to one.
   */
  private rewriteStand(rewrite: Rewrite, { from, at: address }: ClassMember<Address>): Rewrite {
    if (rewrite.is !== 'moved') return rewrite;
    const to = (from + rewrite.distance) as Address;
    const role = this.hosts.get(from)!.indexOf(to);
    return role < 0 ? createTarget(to) : createMove(this.hosts.get(address)![role]! - address);
  }

  private renumberRewrite(rewrite: Rewrite, side: ExpandedSide, stand: ClassMember<Address>): Rewrite {
    return this.hasKnownLine(rewrite, side) ? createUnclear(this.renumberReason(rewrite.reason, side, stand)) : rewrite;
  }

  private hasKnownLine(rewrite: Rewrite, side: ExpandedSide): rewrite is Rewrite & { readonly is: 'unclear' } {
    return rewrite.is === 'unclear' && this.isKnownLine(rewrite.reason, side);
  }

  private isKnownLine(reason: string, side: ExpandedSide): boolean {
    const line = findLine(reason, side);
    return line !== undefined && this.lineOfHost.has(line);
  }

  /**
   * Returns a reason for a member: another line says of its host what this line says of the host that stands in for it.
   */
  private renumberReason(reason: string, side: ExpandedSide, { from, at: address }: ClassMember<Address>): string {
    const line = findLine(reason, side);
    const place = line === undefined ? undefined : this.lineOfHost.get(line);
    if (!place || place.of !== this.lines.get(from)) return reason;
    return `line ${Math.abs(this.lines.get(address)![place.at]!)}${reason.slice(reason.indexOf(':'))}`;
  }
}

/**
 * Returns the members of a class. Hosts have one `like` if their addresses are equally far from each other and no line
 * tells them apart.
 */
function createStands({ hosts, lines }: HostClass): readonly ClassMember<Address>[] {
  const similarities = new Map<string, number>();
  return hosts.flatMap((host, i) => {
    const name = `${host.map((hostAddress) => hostAddress - host[0]!).join()} ${lines[i]!.join()}`;
    let similarity = similarities.get(name);
    if (similarity === undefined) similarities.set(name, (similarity = similarities.size));
    return host.map((address, role) => ({ at: address, from: hosts[0]![role]!, like: similarity! }));
  });
}

const EXPANDED_SIDES = ['destination', 'source'] as const;

/** Returns the line whose rule isn't clear, as HostClass has it. */
function findLine(reason: string, side: ExpandedSide): number | undefined {
  const [, line] = /^line (\d+):/.exec(reason) ?? [];
  return line === undefined ? undefined : side === 'source' ? -Number(line) : Number(line);
}
