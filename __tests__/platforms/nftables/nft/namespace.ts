import { execFileSync, spawnSync } from 'node:child_process';

/** A network namespace in which nft loads texts, to see whether it takes them. */
export class NftNamespace {
  private readonly name = `cpk-${process.pid}-nft`;

  constructor() {
    execFileSync('ip', ['netns', 'add', this.name]);
    execFileSync('ip', ['-n', this.name, 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'wan0']);
  }

  /** What nft says against a text, undefined where it takes it. Loaded, not checked: some things only the kernel sees, at the end. */
  refuses(text: string): string | undefined {
    const { status, stderr, signal } = spawnSync('ip', ['netns', 'exec', this.name, 'nft', '-f', '-'], {
      input: `flush ruleset\n${text}`,
      encoding: 'utf8',
      timeout: 20_000,
    });
    return status === 0 ? undefined : stderr || String(signal);
  }

  remove(): void {
    spawnSync('ip', ['netns', 'del', this.name]);
  }
}
