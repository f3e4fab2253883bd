import { Rewrite, Translation, Verdict, moved, set, translation } from '../../../exposure/exposure';
import { Address } from '../../../net/address';
import { PacketMap } from '../../../net/packet-map';
import { Stands } from '../../../net/standing-in';
import { Kind } from './alike';

type Side = 'destination' | 'source';

/** What was found for the first host of each kind, said of all its hosts. */
export class Copies {
  private readonly stands: Stands<Address>;
  /** The host of each address, those that stand in among them. */
  private readonly hosts = new Map<Address, readonly Address[]>();

  constructor(kinds: readonly Kind[]) {
    for (const { hosts } of kinds) for (const host of hosts) for (const address of host) this.hosts.set(address, host);
    this.stands = new Stands(
      kinds.flatMap(({ hosts }) => hosts.flatMap((host) => host.map((at, role) => ({ at, from: hosts[0]![role]! })))),
    );
  }

  verdicts(found: PacketMap<Verdict>): PacketMap<Verdict> {
    return found.standingIn('source', this.stands).standingIn('destination', this.stands);
  }

  translations(found: PacketMap<Translation>): PacketMap<Translation> {
    return this.along(this.along(found, 'source'), 'destination');
  }

  private along(found: PacketMap<Translation>, side: Side): PacketMap<Translation> {
    if (!found.values.some((value) => value[side].is === 'moved')) return found.standingIn(side, this.stands);
    return found.standingIn(side, this.stands, (value, { at, from }) => {
      const rewrite = this.rewrite(value[side], from, at);
      return rewrite === value[side] ? value : translation({ ...value, [side]: rewrite });
    });
  }

  /** A map leads to the other address of the same host; whatever else rewrites a single address leads everybody to one. */
  private rewrite(rewrite: Rewrite, from: Address, at: Address): Rewrite {
    if (rewrite.is !== 'moved') return rewrite;
    const to = (from + rewrite.by) as Address;
    const role = this.hosts.get(from)!.indexOf(to);
    return role < 0 ? set(to) : moved(this.hosts.get(at)![role]! - at);
  }
}
