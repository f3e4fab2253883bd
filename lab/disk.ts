import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { must, run } from './command';
import { letGo } from './remains';

/** Enough for what a device writes over its base root, and small enough to be copied and filled in a moment. */
const SIZE = '96M';

/**
 * A device's own disk: what it writes over the base root lies in an ext4 file system on a loop device, with the kernel's own journal and
 * times of writing back. So the disk can be full, or broken, or lose what wasn't synced, which a folder of this machine can't.
 */
export class Disk {
  private failed = false;

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

  private async mount(): Promise<void> {
    // The loop device goes with its mount.
    await must(['mount', '-o', 'loop,errors=remount-ro', this.image, this.content]);
  }

  /** Writes out everything, as a disk has it that was idle for long. */
  async sync(): Promise<void> {
    await must(['sync', '--file-system', this.content]);
  }

  /** What the disk would hold if the power failed now becomes what it holds. `over` is mounted over it, and again by the caller. */
  async loseUnsynced(over: string): Promise<void> {
    // Before the unmounting, which writes out everything.
    const left = await this.copy();
    await this.exchange(left, over);
  }

  /** Not a byte is left for the device; what it holds stays. */
  async fill(): Promise<void> {
    // What is written but has no place yet would find none: a full disk loses nothing that was accepted.
    await this.sync();
    // Takes what there is and then fails; what is left after that are crumbs.
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

  /** Throws where something has a file open for writing; then nothing has changed. */
  async readOnly(on: boolean): Promise<void> {
    await must(['mount', '-o', `remount,${on ? 'ro' : 'rw'}`, this.content]);
  }

  /**
   * What the kernel does when a disk reports an error: from this moment on every write fails with "Read-only file system", in files
   * that are open as well. It cannot be taken back before the disk is taken off: see repaired.
   */
  async fail(): Promise<void> {
    writeFileSync(join('/sys/fs/ext4', basename(await this.device()), 'trigger_fs_error'), 'the lab');
    this.failed = true;
  }

  /** What a boot does to a disk with errors. `over` is what is mounted over it; the caller mounts it again where the answer is yes. */
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

  /** Always another image: the kernel may keep what it knows of the old one for a while. */
  private async exchange(left: string, over: string): Promise<void> {
    for (const mount of [over, this.content]) await letGo(mount);
    renameSync(left, this.image);
    await this.mount();
  }

  private async device(): Promise<string> {
    return (await must(['findmnt', '-n', '-o', 'SOURCE', this.content])).trim();
  }
}
