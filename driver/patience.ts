/** Seconds between two times of asking. */
export const PAUSE = 2;

/** How long to hope. A device that answers slowly each time would be asked for hours where only the pauses count. */
export class Patience {
  private readonly began = performance.now();
  private paused = 0;

  over(seconds: number): boolean {
    return Math.max(this.paused, (performance.now() - this.began) / 1000) >= seconds;
  }

  async pause({ wait }: { wait(seconds: number): Promise<void> }): Promise<void> {
    this.paused += PAUSE;
    await wait(PAUSE);
  }
}
