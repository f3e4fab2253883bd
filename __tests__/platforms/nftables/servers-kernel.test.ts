// Loads the golden nftables text of each server case into a kernel: by real packets only what the case permits may
// pass.

import { askKernels } from '../server-cases-in-kernel';

askKernels('nftables', [
  { name: 'nft', tools: [], load: (place, text) => void place.run(['nft', '-f', '-'], `flush ruleset\n${text}`) },
]);
