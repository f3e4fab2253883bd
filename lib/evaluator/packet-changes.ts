import { BaseChain, listChains, LoweredChain, PacketChange } from './ruleset-model';

/** What lists set of a packet, with the chains that they lead to: of each gathered once, however many packets ask. */
export class PacketChanges {
  private readonly changesByChain = new Map<LoweredChain, readonly PacketChange[]>();

  getChanges({ chain }: Pick<BaseChain, 'chain'>): readonly PacketChange[] {
    let changes = this.changesByChain.get(chain);
    if (!changes)
      this.changesByChain.set(
        chain,
        (changes = [...listChains([{ chain }])].flatMap(({ sets: chainChanges = [] }) => chainChanges)),
      );
    return changes;
  }
}
