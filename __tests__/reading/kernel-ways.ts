import { BACK_ENDS, emptied, restored } from '../platforms/iptables/kernel';
import { Namespaces } from './kernel-namespaces';

/** A way to put what a platform writes in place of whatever a device holds. */
interface Loading {
  readonly name: string;
  readonly platform: 'nftables' | 'iptables';
  load(host: Namespaces, text: string, round: number): void;
}

export const WAYS: readonly Loading[] = [
  { name: 'nft', platform: 'nftables', load: (host, text) => void host.load(text) },
  {
    ...{ name: 'both back ends of iptables in turn', platform: 'iptables' },
    load(host, text, round) {
      const run = (command: readonly string[], input: string): string => host.run(command, input);
      emptied(run);
      host.load('');
      restored(run, text, BACK_ENDS[round % BACK_ENDS.length]!);
    },
  },
];
