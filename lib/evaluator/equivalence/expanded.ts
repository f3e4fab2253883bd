import { Rewrite, Translation, Verdict, moved, set, translation, unclear, unknown } from '../../reachability/exposure';
import { Address } from '../../net/address';
import { PacketMap } from '../../net/packet-map';
import { Stand, Stands } from '../../net/standing-in';
import { HostClass } from './occurrences';

type Side = 'destination' | 'source';

/** What was found for the first host of each class, said of all its hosts. */
export class Expansion {
  private readonly stands: Stands<Address>;
  /** The host of each address, those that stand in among them. */
  private readonly hosts = new Map<Address, readonly Address[]>();
  /** The lines of the rules that name its host, and of those lines that name one which stands in, which they are. */
  private readonly lines = new Map<Address, readonly number[]>();
  private readonly places = new Map<number, { readonly of: readonly number[]; readonly at: number }>();

  constructor(classes: readonly HostClass[]) {
    for (const { hosts, lines } of classes) {
      for (const [i, host] of hosts.entries()) {
        for (const address of host) {
          this.hosts.set(address, host);
          if (lines[i]!.length > 0) this.lines.set(address, lines[i]!);
        }
      }
      for (const [i, line] of lines[0]!.entries()) this.places.set(line, { of: lines[0]!, at: i });
    }
    this.stands = new Stands(classes.flatMap(standing));
  }

  verdicts(found: PacketMap<Verdict>): PacketMap<Verdict> {
    const along = (map: PacketMap<Verdict>, side: Side): PacketMap<Verdict> => {
      if (!map.values.some((value) => value.is === 'unknown' && this.names(value.because, side)))
        return map.standingIn(side, this.stands);
      return map.standingIn(side, this.stands, (value, stand) =>
        value.is === 'unknown' ? unknown(this.because(value.because, side, stand)) : value,
      );
    };
    return along(along(found, 'source'), 'destination');
  }

  translations(found: PacketMap<Translation>): PacketMap<Translation> {
    return this.along(this.along(found, 'source'), 'destination');
  }

  private along(found: PacketMap<Translation>, side: Side): PacketMap<Translation> {
    const differs = (value: Translation): boolean =>
      value[side].is === 'moved' || SIDES.some((of) => this.namesLine(value[of], side));
    if (!found.values.some(differs)) return found.standingIn(side, this.stands);
    return found.standingIn(side, this.stands, (value, stand) => {
      const moved = { ...value, [side]: this.rewrite(value[side], stand) };
      const [destination, source] = SIDES.map((of) => this.told(moved[of], side, stand));
      return destination === value.destination && source === value.source
        ? value
        : translation({ ...value, destination: destination!, source: source! });
    });
  }

  /** A map leads to the other address of the same host; whatever else rewrites a single address leads everybody to one. */
  private rewrite(rewrite: Rewrite, { from, at }: Stand<Address>): Rewrite {
    if (rewrite.is !== 'moved') return rewrite;
    const to = (from + rewrite.by) as Address;
    const role = this.hosts.get(from)!.indexOf(to);
    return role < 0 ? set(to) : moved(this.hosts.get(at)![role]! - at);
  }

  private told(rewrite: Rewrite, side: Side, stand: Stand<Address>): Rewrite {
    return this.namesLine(rewrite, side) ? unclear(this.because(rewrite.because, side, stand)) : rewrite;
  }

  private namesLine(rewrite: Rewrite, side: Side): rewrite is Rewrite & { readonly is: 'unclear' } {
    return rewrite.is === 'unclear' && this.names(rewrite.because, side);
  }

  private names(because: string, side: Side): boolean {
    const line = lineIn(because, side);
    return line !== undefined && this.places.has(line);
  }

  /** What a line says of the host that stands in, another one says of the host that it stands in for. */
  private because(because: string, side: Side, { from, at }: Stand<Address>): string {
    const line = lineIn(because, side);
    const place = line === undefined ? undefined : this.places.get(line);
    if (!place || place.of !== this.lines.get(from)) return because;
    return `line ${Math.abs(this.lines.get(at)![place.at]!)}${because.slice(because.indexOf(':'))}`;
  }
}

/** Hosts whose addresses are equally far from each other, and that no line tells apart, are said the same of. */
function standing({ hosts, lines }: HostClass): readonly Stand<Address>[] {
  const likes = new Map<string, number>();
  return hosts.flatMap((host, i) => {
    const name = `${host.map((one) => one - host[0]!).join()} ${lines[i]!.join()}`;
    let like = likes.get(name);
    if (like === undefined) likes.set(name, (like = likes.size));
    return host.map((at, role) => ({ at, from: hosts[0]![role]!, like: like! }));
  });
}

const SIDES = ['destination', 'source'] as const;

/** The line whose rule isn't clear, as classes have it. */
function lineIn(because: string, side: Side): number | undefined {
  const [, line] = /^line (\d+):/.exec(because) ?? [];
  return line === undefined ? undefined : side === 'source' ? -Number(line) : Number(line);
}
