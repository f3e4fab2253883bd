import { must } from './command';
import type { Lab } from './lab';
import { MANAGEMENT } from './topology';

interface LineCut {
  mend(): Promise<void>;
}

export interface LineCutOptions {
  /** `answers`: what the operator sends still arrives, and what the device says to it is lost. */
  readonly direction?: 'both' | 'answers';
}

/**
 * Cuts all SSH between the operator and one device, also connections that are up: silently, or by a reset to whoever sends the
 * next packet. Everything else between the two goes on. Cutting a line that is cut changes how it is cut.
 */
export async function cutLine(
  lab: Lab,
  device: string,
  how: 'drop' | 'reset',
  { direction = 'both' }: LineCutOptions = {},
): Promise<LineCut> {
  const address = MANAGEMENT[lab.device(device).node.name];
  const table = `inet cut_${device}`;
  // The reset itself must get through, and nobody answers a reset by one.
  const verdict = how === 'drop' ? 'drop' : 'tcp flags & rst != rst reject with tcp reset';
  const from = `chain from { type filter hook input priority -300; ip saddr ${address} tcp sport 22 ${verdict}; }`;
  const to = `chain to { type filter hook output priority -300; ip daddr ${address} tcp dport 22 ${verdict}; }`;
  // A reset in answer to what the device sends would tell the device alone. Let in, it makes the operator's kernel acknowledge: that
  // resets the operator, which then resets the device.
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
