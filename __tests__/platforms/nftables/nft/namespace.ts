// Loads texts with the real nft in a network namespace, to see whether it accepts them.

import { execFileSync, spawnSync } from 'node:child_process';
import { KernelShell } from '../../../evaluator/kernel/shell';

/** A network namespace in which nft loads texts, to see whether it accepts them. */
export class NftNamespace {
  private readonly name = `cpk-${process.pid}-nft`;
  private readonly shell: KernelShell;

  constructor() {
    execFileSync('ip', ['netns', 'add', this.name]);
    this.shell = new KernelShell(this.name);
    const { status, stderr } = this.shell.run(['ip', 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'wan0']);
    if (status !== 0) throw new Error(stderr);
  }

  /**
   * nft's message against a text, undefined if it accepts the text. The text is loaded, not only checked: some faults
   * only the kernel sees, at the end.
   */
  refuses(text: string): string | undefined {
    const { status, stderr } = this.shell.run(['nft', '-f', '-'], `flush ruleset\n${text}`);
    return status === 0 ? undefined : stderr || `status ${status}`;
  }

  remove(): void {
    this.shell.end();
    spawnSync('ip', ['netns', 'del', this.name]);
  }
}
