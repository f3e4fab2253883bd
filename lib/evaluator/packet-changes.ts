// Collects and caches the changes (marks, notrack) that a chain and the chains below it make to packets.

import { BaseChain, listChains, LoweredChain, PacketChange } from './ruleset-model';

/**
 * Collects the changes that chains, with the chains that they lead to, make to a packet. Each is gathered once, however
 * many packets ask.
 */
export class PacketChanges {
  private readonly changesByChain = new Map<LoweredChain, readonly PacketChange[]>();

  getChanges({ chain }: Pick<BaseChain, 'chain'>): readonly PacketChange[] {
    let changes = this.changesByChain.get(chain);
    if (!changes)
      this.changesByChain.set(
        chain,
        (changes = [...listChains([{ chain }])].flatMap(({ packetChanges: chainChanges = [] }) => chainChanges)),
      );
    return changes;
  }
}
