import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { must, run, until } from './command';

/** Enough for what a device writes over its base root, and small enough to be copied and filled in a moment. */
const SIZE = '96M';

/**
 * A device's own disk: what it writes over the base root lies in an ext4 file system on a loop device, with the kernel's own journal and
 * times of writing back. So the disk can be full, or broken, or lose what wasn't synced, which a folder of this machine can't.
 */
export class Disk {
  constructor(private readonly folder: string) {}

  private get image(): string {
    return join(this.folder, 'disk.img');
  }

  /** Where it is mounted on this machine. The device sees only what its overlay makes of it. */
  get content(): string {
    return join(this.folder, 'disk');
  }

  private get filling(): string {
    return join(this.content, 'filling');
  }

  async make(): Promise<void> {
    await must(['truncate', '-s', SIZE, this.image]);
    // No blocks reserved for root: the device's root would fill the disk beyond full with them.
    await must(['mkfs.ext4', '-q', '-m', '0', this.image]);
    mkdirSync(this.content, { recursive: true });
    await this.mount();
  }

  async mount(): Promise<void> {
    // The loop device goes with its mount.
    await must(['mount', '-o', 'loop', this.image, this.content]);
  }

  /** Writes out everything, as a disk has it that was idle for long. */
  async sync(): Promise<void> {
    await must(['sync', '--file-system', this.content]);
  }

  /** What the disk would hold if the power failed now becomes what it holds. `unmounted` is taken off it and mounted again by the caller. */
  async loseUnsynced(unmounted: string): Promise<void> {
    const left = `${this.image}.left`;
    // Before the unmounting, which writes out everything.
    await must(['cp', '--sparse=always', this.image, left]);
    for (const mount of [unmounted, this.content]) await unmount(mount);
    renameSync(left, this.image);
    await this.mount();
  }

  /** Not a byte is left for the device; what it holds stays. */
  async fill(): Promise<void> {
    // What is written but has no place yet would find none: a full disk loses nothing that was accepted.
    await this.sync();
    // Takes what there is and then fails. The second call gets blocks that the first one's bookkeeping had set aside.
    for (const name of ['1', '2']) {
      await run(['fallocate', '-l', SIZE, `${this.filling}-${name}`]);
      await this.sync();
    }
    const { out } = await run(['stat', '-f', '-c', '%a', this.content]);
    if (Number(out) > 0) await run(['sh', '-c', `head -c ${SIZE} /dev/zero >"$1" 2>/dev/null; sync -f "$1"`, '-', `${this.filling}-3`]);
  }

  async free(): Promise<void> {
    for (const name of ['1', '2', '3']) rmSync(`${this.filling}-${name}`, { force: true });
    await this.sync();
  }
}

/** A process that was just killed keeps its files open for a moment. */
async function unmount(mount: string): Promise<void> {
  await until(`${mount} can be unmounted`, 10, async () => (await run(['umount', mount])).status === 0, 10);
}
