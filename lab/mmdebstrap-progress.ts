/** The progress of mmdebstrap, parsed from the output of `mmdebstrap --verbose`. */
export class MmdebstrapProgress {
  private line = '';
  private phase = 'starting';
  private expected = 0;
  private setUp = 0;

  /**
   * Parses more of the output. Returns the phase, with the number of packages if they are counted:
   * `installing essential packages, 12 of 69`.
   */
  after(text: string): string {
    const lines = (this.line + text).split('\n');
    this.line = lines.pop() ?? '';
    for (const line of lines) this.read(line);
    return this.expected > 0 && this.phase.startsWith('installing')
      ? `${this.phase}, ${this.setUp} of ${this.expected}`
      : this.phase;
  }

  private read(line: string): void {
    const phase = /^I: (?!automatically|chroot|finding|success)([a-z][^.]*?)(?: inside the chroot)?\.\.\./.exec(
      line,
    )?.[1];
    if (phase !== undefined) this.phase = phase;
    const installed = /^\d+ upgraded, (\d+) newly installed/.exec(line)?.[1];
    if (installed !== undefined) [this.expected, this.setUp] = [Number(installed), 0];
    if (line.startsWith('Setting up ')) this.setUp = Math.min(this.setUp + 1, this.expected);
  }
}
