// A disk for one device of the lab, as a file system on a loop device: tests fill it, make it read-only, break it, or
// let it lose unsynced data.
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { must, run } from './command';
import { letGo } from './claim-lab';

/** Size of the disk: enough for what a device writes over its base root, and quick to copy and fill. */
const SIZE = '96M';

/**
 * A device's own disk. What the device writes over the base root lies in an ext4 file system on a loop device, with the
 * kernel's own journal and write-back times. So the disk can be full, broken, or lose data that wasn't synced, which a
 * folder of this machine can't.
 */
export class Disk {
  private failed = false;

  constructor(private readonly folder: string) {}

  private get image(): string {
    return join(this.folder, 'disk.img');
  }

  /** Mount point on this machine. The device sees the disk through its overlay. */
  get content(): string {
    return join(this.folder, 'disk');
  }

  private get filling(): string {
    return join(this.content, 'filling');
  }

  async make(): Promise<void> {
    await must(['truncate', '-s', SIZE, this.image]);
    // No blocks are reserved for root: the device's root would fill the disk beyond full with them.
    await must(['mkfs.ext4', '-q', '-m', '0', this.image]);
    mkdirSync(this.content, { recursive: true });
    await this.mount();
  }

  private async mount(): Promise<void> {
    // The loop device disappears with its mount.
    await must(['mount', '-o', 'loop,errors=remount-ro', this.image, this.content]);
  }

  /** Writes everything out, as on a disk that was idle for long. */
  async sync(): Promise<void> {
    await must(['sync', '--file-system', this.content]);
  }

  /**
   * Gives the disk the content that it would have after a power failure now. `over` is mounted over it; the caller
   * mounts it again.
   */
  async loseUnsynced(over: string): Promise<void> {
    // Copied before the unmounting, which writes everything out.
    const left = await this.copy();
    await this.exchange(left, over);
  }

  /** Fills the disk to its last byte. Its files stay. */
  async fill(): Promise<void> {
    // Data that is written but has no block yet would find none. A full disk loses no data that it accepted.
    await this.sync();
    // It takes the free space and then fails. Small pieces are left after that.
    await run(['fallocate', '-l', SIZE, this.filling]);
    await run(['sh', '-c', `head -c ${SIZE} /dev/zero >>"$1"`, '-', this.filling]);
    await this.sync();
    const left = (await must(['stat', '-f', '-c', '%a', this.content])).trim();
    if (left !== '0') throw new Error(`${left} blocks of ${this.image} are still free.`);
  }

  async free(): Promise<void> {
    rmSync(this.filling, { force: true });
    await this.sync();
  }

  /**
   * Makes the disk read-only, or writable again. Throws, and changes nothing, if a program has a file open for writing.
   */
  async readOnly(on: boolean): Promise<void> {
    await must(['mount', '-o', `remount,${on ? 'ro' : 'rw'}`, this.content]);
  }

  /**
   * Fails like a disk that reports an error: from now on every write ends with "Read-only file system", in open files
   * too. It lasts until the disk is replaced: see `repaired`.
   */
  async fail(): Promise<void> {
    writeFileSync(join('/sys/fs/ext4', basename(await this.device()), 'trigger_fs_error'), 'the lab');
    this.failed = true;
  }

  /**
   * Repairs a disk with errors as a boot does. `over` is mounted over it; if the answer is yes, the caller mounts it
   * again.
   */
  async repaired(over: string): Promise<boolean> {
    if (!this.failed) return false;
    const left = await this.copy();
    // 1: errors were corrected.
    const { status, out, err } = await run(['e2fsck', '-f', '-y', left]);
    if (status > 1) throw new Error(`e2fsck ${left}: ${out}${err}`);
    await this.exchange(left, over);
    this.failed = false;
    return true;
  }

  private async copy(): Promise<string> {
    const left = `${this.image}.left`;
    await must(['cp', '--sparse=always', this.image, left]);
    return left;
  }

  /** Mounts another image: the kernel may keep its knowledge of the old one for a while. */
  private async exchange(left: string, over: string): Promise<void> {
    for (const mount of [over, this.content]) await letGo(mount);
    renameSync(left, this.image);
    await this.mount();
  }

  private async device(): Promise<string> {
    return (await must(['findmnt', '-n', '-o', 'SOURCE', this.content])).trim();
  }
}
