// Asks a kernel about generated nftables configs of servers.

import { askKernels } from '../servers-in-kernel';

askKernels('nftables', [
  { name: 'nft', tools: [], load: (place, text) => void place.run(['nft', '-f', '-'], `flush ruleset\n${text}`) },
]);
