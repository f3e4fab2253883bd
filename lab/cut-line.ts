// Cuts the SSH connections between the lab's operator and one device by nftables rules, for tests of broken lines.
import { must } from './command';
import type { Lab } from './lab';
import { MANAGEMENT } from './topology';

interface LineCut {
  mend(): Promise<void>;
}

export interface LineCutOptions {
  /** `answers`: packets of the operator still arrive, and the device's answers are lost. */
  readonly direction?: 'both' | 'answers';
}

/**
 * Cuts all SSH between the operator and one device, established connections too: silently, or by resetting the sender
 * of the next packet. All other traffic between them goes on. A second call changes how the line is cut.
 */
export async function cutLine(
  lab: Lab,
  device: string,
  how: 'drop' | 'reset',
  { direction = 'both' }: LineCutOptions = {},
): Promise<LineCut> {
  const address = MANAGEMENT[lab.device(device).node.name];
  const table = `inet cut_${device}`;
  // The reset itself must pass, and a reset is never answered by a reset.
  const verdict = how === 'drop' ? 'drop' : 'tcp flags & rst != rst reject with tcp reset';
  const from = `chain from { type filter hook input priority -300; ip saddr ${address} tcp sport 22 ${verdict}; }`;
  const to = `chain to { type filter hook output priority -300; ip daddr ${address} tcp dport 22 ${verdict}; }`;
  // A reset that answers the device's packets would inform the device alone. If they pass, the operator's kernel
  // acknowledges them. That resets the operator, which then resets the device.
  const chains = direction === 'answers' ? [from] : how === 'reset' ? [to] : [from, to];
  const rules = [`table ${table}`, `delete table ${table}`, `table ${table} {`, ...chains, '}'];
  const nft = (input: string) => must(lab.at('operator', ['nft', '-f', '-']), { input: `${input}\n` });
  await nft(rules.join('\n'));
  return {
    mend: async () => {
      await nft(`table ${table}\ndelete table ${table}`);
    },
  };
}
