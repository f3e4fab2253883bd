import { BaseChain, everyChain, LoweredChain, Setting } from './model';

/** What lists set of a packet, with the chains that they lead to: of each gathered once, however many packets ask. */
export class Settings {
  private readonly known = new Map<LoweredChain, readonly Setting[]>();

  of({ chain }: Pick<BaseChain, 'chain'>): readonly Setting[] {
    let found = this.known.get(chain);
    if (!found) this.known.set(chain, (found = [...everyChain([{ chain }])].flatMap(({ sets = [] }) => sets)));
    return found;
  }
}
